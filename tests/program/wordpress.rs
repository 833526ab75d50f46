//! A WordPress blog that is brought in by a program that is killed again and again, and whose old addresses are asked for.

use std::{fmt::Write, fs, os::unix::process::ExitStatusExt, path::Path, process::Stdio};

use crate::program::{
    import::blog,
    support::{Running, Server, ask, block_on, count, finish, folder, laman, until},
};

const POSTS: i64 = 150;
const COUNT: &str = "SELECT count(*) FROM post";

/// An export whose comments answer ones that come later.
fn export(folder: &Path) {
    let mut xml = "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Old</title><link>https://old.example</link>\
         <wp:wxr_version>1.2</wp:wxr_version>"
        .to_owned();
    for number in 1..=POSTS {
        write!(
            xml,
            "<item><title>Post {number}</title><link>https://old.example/archives/{number}/</link><wp:post_id>{number}</wp:post_id>\
             <wp:post_date_gmt>2020-01-05 10:00:00</wp:post_date_gmt><wp:post_name>same</wp:post_name>\
             <wp:status>publish</wp:status><wp:post_type>post</wp:post_type><content:encoded>Words [odd x=\"1\"]</content:encoded>"
        )
        .expect("a string takes all");
        for (id, parent) in [(2, 3), (1, 2), (3, 0)] {
            write!(
                xml,
                "<wp:comment><wp:comment_id>{number}0{id}</wp:comment_id><wp:comment_author>Siti</wp:comment_author>\
                 <wp:comment_date_gmt>2020-01-0{id} 00:00:00</wp:comment_date_gmt><wp:comment_content>{number} {id}\
                 </wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>{number}0{parent}\
                 </wp:comment_parent></wp:comment>"
            )
            .expect("a string takes all");
        }
        xml.push_str("</item>");
    }
    fs::write(folder.join("old.xml"), xml + "</channel></rss>").expect("a file");
}

/// Everything that came, apart from what is random.
fn blog_of(database: &Path) -> Vec<String> {
    use sqlx::ConnectOptions;
    block_on(async {
        let mut database =
            sqlx::sqlite::SqliteConnectOptions::new().filename(database).connect().await.expect("a database");
        sqlx::query_scalar(
            "SELECT 'post ' || title || ' ' || path || ' ' || comment_count || ' ' || html FROM post JOIN post_text ON post_id = id \
             UNION ALL SELECT 'comment ' || comment.source || ' ' || coalesce(parent.source, '-') FROM comment \
             LEFT JOIN comment AS parent ON parent.id = comment.parent_id \
             UNION ALL SELECT 'redirect ' || redirect.path || ' ' || post.path FROM redirect JOIN post ON post.id = post_id \
             UNION ALL SELECT 'path ' || path || ' ' || target FROM path_redirect \
             UNION ALL SELECT 'original ' || html FROM import_original ORDER BY 1",
        )
        .fetch_all(&mut database)
        .await
        .expect("rows")
    })
}

#[test]
fn an_import_that_is_killed_again_and_again_gives_the_same_blog_and_every_old_address_answers() {
    let (whole, killed) = (folder(), folder());
    for folder in [&whole, &killed] {
        blog(folder.path());
        export(folder.path());
    }
    finish(laman(whole.path(), &["import", "wordpress", "old.xml"]), "").printed();

    let database = killed.path().join("laman.db");
    for step in 1..=4 {
        let mut command = laman(killed.path(), &["import", "old.xml"]);
        let mut running =
            Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts"));
        until("a part is imported", || ask(&database, COUNT).is_ok_and(|posts| posts >= step * POSTS / 6));
        running.signal("KILL");
        let status = running.wait();
        assert!(status.signal() == Some(9) || status.success(), "{status}");
    }
    finish(laman(killed.path(), &["import", "old.xml"]), "").printed();
    assert_eq!(count(&database, COUNT), POSTS);
    let same = |folder: &Path| {
        let rows = blog_of(&folder.join("laman.db"));
        assert!(rows.len() > 7 * usize::try_from(POSTS).expect("small"), "{}", rows.len());
        rows
    };
    assert_eq!(same(killed.path()), same(whole.path()));

    let server = Server::start(killed.path());
    let ended = finish(laman(killed.path(), &["import", "--check", &server.url("/")]), "");
    assert!(ended.printed().contains(", 0 lead nowhere"), "{}", ended.out);
}
