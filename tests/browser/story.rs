//! The whole story, as people live it.

use super::driver::Browser;
use crate::program::support::{EMAIL, PASSWORD, Server, folder};

#[test]
fn from_nothing_to_a_comment_that_others_see_without_a_single_script() {
    let folder = folder();
    let server = Server::start(folder.path());
    // The owner has a telephone, readers have a desk.
    let owner = Browser::open_without_scripts();
    owner.resize(390, 844);

    // Set up.
    owner.go(&server.url(&server.setup_path()));
    owner.fill("#title", "Aminah’s garden");
    owner.fill("#name", "Aminah");
    owner.fill("#email", EMAIL);
    owner.fill("#password", PASSWORD);
    owner.leave(|| owner.named("Create the blog").click());
    assert!(owner.address().starts_with(&server.url("/admin")), "{}", owner.address());

    // Write, keep as a draft, publish.
    owner.leave(|| owner.named("New post").click());
    owner.fill("#title", "The first durian");
    owner.fill("#text", "It fell at *three* in the morning.");
    owner.named("Tags, date, address").click();
    owner.fill("#tags", "fruit, night");
    owner.leave(|| owner.named("Save draft").click());
    assert_eq!(owner.find("[role=status]").text(), "Draft saved.");
    owner.leave(|| owner.named("Publish").click());
    assert_eq!(owner.find("[role=status]").text(), "Published.");

    // Read.
    let reader = Browser::open_without_scripts();
    reader.go(&server.url("/"));
    assert_eq!(reader.find("h1").text(), "Aminah’s garden");
    reader.leave(|| reader.named("The first durian").click());
    assert_eq!(reader.find("h1").text(), "The first durian");
    assert_eq!(reader.find(".prose em").text(), "three");
    assert_eq!(reader.find("#comments-heading").text(), "No comments");
    let post = reader.address();

    // Comment, with a look at it first; a newcomer's waits.
    reader.fill("#text", "Was anybody **hurt**?");
    reader.fill("#name", "Omar");
    reader.leave(|| reader.named("Preview").click());
    assert_eq!(reader.find(".preview strong").text(), "hurt");
    reader.leave(|| reader.named("Post comment").click());
    assert!(reader.address().contains("/comments/yours/"), "{}", reader.address());
    assert!(reader.find("[role=status]").text().contains("waits"));
    assert_eq!(reader.find(".comment-text strong").text(), "hurt");
    let waiting = reader.address();
    reader.go(&post);
    assert_eq!(reader.find_now(".thread .comment").len(), 0);

    // Approve.
    owner.go(&server.url("/admin"));
    assert_eq!(owner.find(".badge").text(), "1");
    owner.leave(|| owner.find(".bar nav a[href='/admin/comments']").click());
    assert_eq!(owner.find(".comment-text strong").text(), "hurt");
    owner.leave(|| owner.find(".moderated [value=approve]").click());
    assert_eq!(owner.find("[role=status]").text(), "Approved.");
    assert_eq!(owner.find_now(".badge").len(), 0);

    // Seen by everybody; its author's link leads there now.
    reader.go(&waiting);
    reader.leave(|| reader.find(".published a").click());
    assert!(reader.address().starts_with(&post) && reader.address().contains("#comment-"), "{}", reader.address());
    assert_eq!(reader.find(".thread .comment strong").text(), "hurt");
    assert_eq!(reader.find("#comments-heading").text(), "1 comment");

    // Its date leads its author, and nobody else, to where it can be changed.
    reader.leave(|| reader.find(".comment-meta a").click());
    assert_eq!(reader.address(), waiting);
    reader.fill("#text", "Was anybody hurt? Or wet?");
    reader.leave(|| reader.named("Save changes").click());
    assert_eq!(reader.find("p.notice").text(), "Your changes are saved.");
    reader.go(&post);
    assert_eq!(reader.find(".thread .comment-text").text(), "Was anybody hurt? Or wet?");
    owner.go(&post);
    owner.leave(|| owner.find(".comment-meta a").click());
    assert!(owner.address().starts_with(&post), "{}", owner.address());

    // Known now, Omar is not held again; and he answers in the thread.
    reader.leave(|| reader.find(".reply a").click());
    reader.fill("#text", "I ask for a friend.");
    reader.fill("#name", "Omar");
    reader.leave(|| reader.named("Post comment").click());
    assert!(reader.address().contains("/comments/yours/") || reader.address().contains("#comment-"));

    // Out, and the desk is closed.
    owner.go(&server.url("/admin"));
    owner.leave(|| owner.named("Sign out").click());
    owner.go(&server.url("/admin/posts"));
    assert!(owner.address().contains("/admin/sign-in"), "{}", owner.address());
    server.stop();
}
