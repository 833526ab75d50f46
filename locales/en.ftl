# Every word that Laman says in English. Each message stands in each language; a test holds them to it.

## Numbers and dates
number-group = ,
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
date-day = { $weekday }, { $day } { $month } { $year }
date-short = { $day } { $month } { $year }
date-month = { $month } { $year }
date-time = { $hour }:{ $minute }
date-moment = { $date }, { $time }

## Around every page
skip-to-content = Skip to content
navigation = Site
archive = Archive
search = Search
feed = Feed
to-home = To the home page

## Lists
no-posts = Nothing has been published yet.
read-more = Read more
read-more-of = Read more of “{ $it }”
updated = updated
tags = Tags
comment-count = { $count ->
    [0] No comments
    [one] { $n } comment
   *[other] { $n } comments
}
post-count = { $count ->
    [one] { $n } post
   *[other] { $n } posts
}
pages-of-list = More of this list
newer-posts = Newer posts
newest-posts = The newest posts
older-posts = Older posts
tag-heading = Posts tagged “{ $it }”
author-heading = Posts by { $it }
whole-archive = The whole archive
neighbours = Before and after
newer-post = Newer
older-post = Older
reading-minutes = { $count ->
    [one] { $n } minute to read
   *[other] { $n } minutes to read
}
untitled = Untitled

## Search
search-label = Search this blog
search-nothing = Nothing here matches “{ $it }”. Try fewer or other words.
search-results = Found for “{ $it }”
better-matches = Better matches
more-matches = More matches

## Comments
comments-invite = Yours would be the first.
post-a-comment = Post a comment
comments-closed = Comments are closed.
comments-closed-kept = Comments on this post have been closed in the meantime. Your text is kept below, so that you can copy it.
comment-text = Your comment
comment-help = Up to { $n } characters. *emphasis*, **strong**, `code`, > quotation, - list and links work; HTML does not.
name = Name
email-optional = E-mail (optional)
email-help = Never shown to readers.
website-optional = Website (optional)
trap = Leave this empty
send-comment = Post comment
preview = Preview
reply = Reply
reply-to = Reply to { $it }
in-reply-to = in reply to { $it }
in-reply-to-removed = in reply to a removed comment
own-mark = Author
comment-removed = This comment has been removed.
comment-on = Comment on “{ $it }”
back-to = Back to “{ $it }”
comment-yours = Your comment
comment-waiting = Thank you. Your comment is kept and waits for a look by the blog’s owner before others see it. This page is yours alone: come back to it to see how it stands.
comment-mend = Not posted yet: see what is marked below.
comment-duplicate = This comment has arrived already; there is no need to send it twice.
comment-parent-gone = The comment that you reply to has been removed in the meantime. Your text is kept below.
comment-too-many = { $count ->
    [one] That was a little fast. Your text is kept below; send it in { $n } second.
   *[other] That was a little fast. Your text is kept below; send it in { $n } seconds.
}
error-comment-empty = Write something first.
error-comment-long = { $count ->
    [one] Too long by { $n } character.
   *[other] Too long by { $n } characters.
}
error-name = Give a name of at most 80 characters.
error-name-own = This name belongs to someone who writes this blog. Choose another, please.
error-email = This is not an e-mail address.
error-website = Give an address such as https://example.org, or leave this empty.
error-too-deep = Quotations or lists are nested too deeply. Take some levels out.
error-too-long = The text is too long.
feed-comments = Comments: { $it }
feed-comment = { $name } on { $title }

## Errors
error-400 = This cannot be understood
error-400-text = The address or the form came in a shape that this blog cannot read. Go back and try again.
error-403 = Not allowed
error-403-text = This was sent from another site, or is not for you to do.
error-404 = Nothing here
error-404-text = There is no page at this address. It may have been moved, or mistyped.
error-405 = Not that way
error-405-text = This address does not take what was sent to it.
error-413 = Too much at once
error-413-text = What was sent is larger than this blog takes. Go back and make it shorter.
error-429 = A little slower
error-429-text = That came too often. Wait a moment and try again.
error-500 = Something broke
error-500-text = The fault is ours, and it has been noted. Try again in a while.
error-503 = Not just now
error-503-text = The blog cannot do this at the moment. Wait a little and try again.
error-not-set-up = Soon
error-not-set-up-text = This blog is not set up yet. Whoever started it finds the set-up link in the program’s output.

## Sign-in and set-up
sign-in = Sign in
sign-out = Sign out
email = E-mail
password = Password
sign-in-failed = The e-mail address and the password do not belong together. Try again.
sign-in-too-many = Too many tries. Wait a few minutes, then try again.
sign-in-not-now = Signing in is not possible just now: the disk is full or busy. What you had typed is still here; try again in a moment.
session-ended = Your session has ended. Sign in, and your text will be back in its form.
session-resumed = You are signed in again, and your text is here. It has not been saved yet.
setup-title = Set up your blog
setup-text = Two minutes, and it is yours. Everything but the password can be changed later under Settings.
setup-blog = The blog
setup-you = You
setup-go = Create the blog
blog-title = Title
blog-description = Description
blog-description-help = One line under the title. May be empty.
language = Language
language-help = Of your posts and of the words around them. Where the words are not translated yet, they are English.
zone = Time zone
zone-help = Days begin and end in this zone.
name-help = Shown under your posts.
sign-in-name-help = You sign in with it. Never shown.
password-help = At least 15 characters. A few words in a row are easy to keep in mind.
password-too-short = Use at least 15 characters.
password-too-long = Use at most 1,024 bytes.
password-too-easy = This is easy to guess. Choose something less regular, without the names above.

## Admin
admin-navigation = Admin
posts = Posts
pages = Pages
comments = Comments
settings = Settings
held-count = { $count ->
    [one] { $n } comment waits
   *[other] { $n } comments wait
}
new-post = New post
new-page = New page
edit-post = Edit post
edit-page = Edit page
states = States
state = State
state-any = All
state-draft = Draft
state-scheduled = Scheduled
state-published = Published
state-trash = Trash
title = Title
text = Text
when = When
actions = Actions
saved-at = saved { $it }
view = View
view-it = View “{ $it }”
restore = Restore
trash = Trash
move-to-trash = Move to trash
in-trash = This is in the trash; readers do not see it.
nothing-in-state = Nothing in this state.
no-posts-yet = No posts yet. Write the first one.
no-pages-yet = No pages yet. A page, such as “About”, stands in the navigation and has no date.
text-help = Markdown. A line with only <!--more--> ends the part that the home page shows. An image alone in its paragraph gets its title as caption.
tags-help = Apart by commas.
publish-at = Publish at
publish-at-help = Time zone: { $it }. Empty: the moment you publish. In the future: it is scheduled.
slug = Slug
slug-help = The last part of the address. Empty: follows the title until first published. When it changes later, the old address leads to the new one.
details = Tags, date, address
excerpt = Excerpt
excerpt-help = Plain text for feeds and search engines. Empty: the beginning of the text.
comments-open-option = Open
comments-closed-option = Closed
save-draft = Save draft
publish = Publish
update = Update
unpublish = Unpublish
preview-notice = This is a preview. Nothing has been saved; close this tab to go on writing.
done-saved = Draft saved.
done-published = Published.
done-scheduled = Scheduled.
done-updated = Updated.
done-unpublished = Taken back to a draft. Readers no longer see it.
done-restored = Restored.
done-trashed = Moved to the trash. You can restore it from there.
not-saved = Not saved: the disk is full or busy. Your text is here; try again in a moment.
not-saved-mend = Not saved yet: see what is marked below.
conflict = Somebody else saved this in the meantime. Nothing is lost: their text and yours are both below. Take over what you need; saving now keeps your text.
conflict-theirs = Saved { $it }
conflict-yours = Yours, not saved yet
error-needed = Fill this in.
error-choose = Choose one from the list.
error-long = { $count ->
    [one] At most { $n } character.
   *[other] At most { $n } characters.
}
error-slug = Use letters a–z, digits, hyphens, dots and underscores only.
error-slug-taken = Another post or page lives at this address. Choose another slug.
error-tag = “{ $it }” cannot be a tag: use letters or digits, at most 60 characters.
error-tags = { $count ->
    [one] At most { $n } tag.
   *[other] At most { $n } tags.
}
error-time = Give a date and time such as 2023-02-11T08:30.
error-posts-per-page = Give a number from 1 to 50.

## Moderation
comments-held = Waiting
comments-approved = Approved
comments-spam = Spam
no-comments-held = Nothing waits for you.
no-comments-approved = No comments yet.
no-comments-spam = No spam.
reasons = Why it waits
reason-hold-all = Every comment waits.
reason-first-time = The first from this name and e-mail address.
reason-many-links = Three links or more.
reason-trap = A field was filled in that only machines see.
approve = Approve
hold = Hold
spam = Spam
delete-for-good = Delete for good
delete-comment-sure = The words are removed and cannot be brought back. If there are replies, a mark stays in their thread.
approve-and-reply = Approve and reply
reply-post-not-live = Not posted: readers do not see the post at present. Your text is here.
newer-comments = Newer comments
older-comments = Older comments
done-comment-reply = Reply posted.

## Settings
posts-per-page = Posts to a page
comments-open = Readers may comment
hold-legend = Which comments wait for you
hold-all = All of them
hold-first = Those from people who had none approved before
hold-none = None, but for what looks like spam
save = Save
done-settings = Settings saved.

### Own comments
edited = edited
comment-published = Everybody can read it.
comment-in-thread = See it in the conversation
comment-changed = Your changes are saved.
comment-change = Change it
comment-change-free = Nobody has answered yet: a change leaves no mark.
comment-change-marked = The comment will be marked as edited. Moderators can still see what it said before.
save-changes = Save changes
comment-delete = Delete it
comment-delete-sure = The comment goes, with everything that it ever said. It cannot be brought back.
comment-delete-answered = Its words go and cannot be brought back. A mark stays in the conversation, so that the replies keep their place.
comment-delete-now = Delete this comment
comment-yours-link = Whoever has the address of this page can change and delete the comment. Keep it to do so from another device.
comment-own-hint = To change or delete a comment of yours, choose its date.
thread-parts = Parts of the conversation
thread-part = Part { $n } of { $count }
thread-before = Comments before these
thread-after = Comments after these
comments-per-page = Comments to a page
comments-per-page-help = Of those to the post itself; replies come along.
newest-comments-first = The newest comment stands first
edit-minutes = Minutes in which a comment may be changed without a mark
edit-minutes-help = By whoever wrote it, as long as nobody has answered. 0 marks every change.
error-comments-per-page = Give a number from 1 to 500.
error-edit-minutes = Give a number of minutes, at most a week (10080).
remember-me = Remember my name, e-mail address and website in this browser
cancel-reply = Do not reply
comment-decided-meanwhile = A moderator has decided about this comment in the meantime. Your text is kept below; save it again if you still want to.

### The queue
comments-trash = Trash
no-comments-trash = The trash is empty.
search-comments = Search these comments
search-comments-help = Looked for in texts, names, e-mail addresses and networks of up to { $n } comments of this list.
show-all-comments = Show all
only-on = Only on “{ $it }”
only-from = Only from { $it }
only-this-post = Only this post
at-least = { $it }+
history-approved = approved: { $it }
history-spam = spam: { $it }
select = Select
all-on-page = All on this page
more-acts = More
pin = Pin
unpin = Unpin
pinned-mark = Pinned
close-thread = Close comments on this post
open-thread = Open comments on this post
keys = Keys
keys-move = The next and the one before
close = Close
undo = Undo
delete-comments-sure = The words of those that are selected are removed and cannot be brought back.
empty-spam = Empty spam
empty-trash = Empty the trash
empty-sure-spam = All spam is deleted for good. This cannot be undone.
empty-sure-trash = Everything in the trash is deleted for good. This cannot be undone.
done-comment-approve = { $count ->
    [one] Approved.
   *[other] { $n } comments approved.
}
done-comment-hold = { $count ->
    [one] Held.
   *[other] { $n } comments held.
}
done-comment-spam = { $count ->
    [one] Marked as spam.
   *[other] { $n } comments marked as spam.
}
done-comment-trash = { $count ->
    [one] Moved to the trash.
   *[other] { $n } comments moved to the trash.
}
done-comment-restore = { $count ->
    [one] Taken out of the trash.
   *[other] { $n } comments taken out of the trash.
}
done-comment-delete = { $count ->
    [one] Deleted.
   *[other] { $n } comments deleted.
}
edit-or-move = Edit or move
comment-by = Comment by { $it }
back-to-queue = Back to the queue
edit-comment = Edit the comment
edit-comment-help = It will be marked as edited. What it says now is kept on this page.
move-thread = Move to another post
move-thread-to = Address of the post
move-thread-help = The comment goes there with everything that answers it.
move-thread-go = Move
error-no-post = No post or page lives at this address.
earlier-texts = What it said before
replaced-at = until { $it }
replaced-by = until { $it }, changed by { $name }
done-comment-edit = Your changes are saved, and the comment is marked as edited.
done-comment-move = Moved.
done-comment-none = Nothing changed: it was there already.
done-comment-nothing = Select comments first, then choose what to do with them.
done-comment-past = This cannot be undone any more.
done-comment-undo = Undone.
done-comment-pin = Pinned. It stands first in its thread.
done-comment-unpin = Unpinned.
done-comment-close = Comments on this post are closed.
done-comment-open = Comments on this post are open.
done-comment-empty = Emptied.
done-comment-more = Many were deleted, and more are left. Empty it again for the rest.
