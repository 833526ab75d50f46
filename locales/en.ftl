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
more-pages = More pages
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
trash-note = { $count ->
    [one] What is here is deleted for good a day after it was moved here.
   *[other] What is here is deleted for good { $n } days after it was moved here.
}
in-trash = This is in the trash; readers do not see it.
nothing-in-state = Nothing in this state.
no-posts-yet = No posts yet. Write the first one.
no-pages-yet = No pages yet. A page, such as “About”, stands in the navigation and has no date.
text-help = Markdown. A line with only <!--more--> ends the part that the home page shows. An image alone in its paragraph gets its title as caption. Esc, then Tab leaves the text.
tags-help = Apart by commas.
publish-at = Publish at
publish-at-help = Time zone: { $it }. Empty: the moment you publish. In the future: it is scheduled.
slug = Slug
slug-help = The last part of the address. Empty: follows the title until first published. When it changes later, the old address leads to the new one.
details = Tags, date, address
excerpt = Excerpt
excerpt-help = Plain text for feeds and search engines. Empty: the beginning of the text.
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
not-saved = Not saved: the disk is full or busy. Your text is here; try again in a moment.
not-saved-mend = Not saved yet: see what is marked below.
conflict = Somebody else saved this in the meantime. Nothing is lost: their text and yours are both below. Take over what you need; saving now keeps your text.
conflict-own = You saved this in another window or on another device in the meantime. Nothing is lost: both texts are below. Take over what you need; saving now keeps the one in the form.
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
error-tag = “{ $it }” cannot be a tag: use at most 60 characters.
error-tags = { $count ->
    [one] At most { $n } tag.
   *[other] At most { $n } tags.
}
error-skipped-hour = On that day the clocks skip this time. The same moment is { $it }: give that, or another.
error-time = Give a date and time such as 2023-02-11T08:30.
error-number-one = Give a number from 1 to { $n }.

## Moderation
comments-held = Waiting
comments-approved = Approved
comments-spam = Spam
no-comments-held = Nothing waits for you.
no-comments-approved = No comments yet.
no-comments-spam = No spam.
reasons = What spoke for and against it
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
comment-nobody = Anonymous
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

### The judge
reason-hold-all = Every comment waits.
reason-first-time = The first from this name and e-mail address.
reason-hold-old = The post is old, and comments on old posts wait.
reason-many-links = Three links or more.
reason-trap = A field was filled in that only machines see.
reason-links = { $count ->
    [one] { $n } link
   *[other] { $n } links
}
reason-shortener = a link that hides where it leads: { $it }
reason-spam-host = a link to where only spam led before: { $it }
reason-fast = { $count ->
    [one] sent { $n } second after the form was drawn
   *[other] sent { $n } seconds after the form was drawn
}
reason-network = { $count ->
    [one] { $n } more from this network in ten minutes
   *[other] { $n } more from this network in ten minutes
}
reason-author = { $count ->
    [one] { $n } more by this name or address in ten minutes
   *[other] { $n } more by this name or address in ten minutes
}
reason-again = { $count ->
    [one] nearly the same words came once before
   *[other] nearly the same words came { $n } times before
}
reason-storm = Many comments arrive at once: all of them wait.
reason-old-post = { $count ->
    [one] the post is { $n } day old
   *[other] the post is { $n } days old
}
reason-script = not in the script of this blog
reason-contact = { $count ->
    [one] a telephone number, e-mail address or messenger in the text
   *[other] { $n } of telephone number, e-mail address and messenger in the text
}
reason-markup = HTML or BBCode in the text
reason-known = { $count ->
    [one] approved once before
   *[other] approved { $n } times before
}
reason-hold-list = on your list of what waits: { $it }
reason-spam-list = on your list of spam: { $it }
reason-trust-list = trusted by you: { $it }
reason-words = what you taught about words: { $it }
reason-worked = the browser worked for it
reason-asked = Waits until the outside service has been asked.
reason-outside = the outside service calls it spam
reason-outside-ham = The outside service sees no spam in it.
reason-no-answer = The outside service gave no answer. What it said stands under Settings, Outside check.
error-number = Give a number from 0 to { $n }.
error-points = Give points from 0 to 100, such as 2.5.
error-points-order = Spam needs more points than waiting does.
storm-notice = Comments arrive faster than usual. All of them wait for you until it is quiet again.
policy-who = Who may comment
policy-points = Points
policy-lists = Lists
hold-after-days = Days after which comments on a post wait
close-after-days = Days after which a post takes no more comments
days-help = 0: never.
storm-at = Comments in ten minutes that make all of them wait
storm-help = 0: they never wait for that.
points-help = Links, haste, repetition and what you taught about words give a comment points; earlier approved comments take some away. Under each comment you see which.
hold-at = Points with which a comment waits
hold-at-help = The usual value is 2.0.
spam-at = Points with which a comment is spam
spam-at-help = The usual value is 5.0.
lists-help = One entry a line: words, a domain, an e-mail address, or a network such as 203.0.113.0/24. Words are found as whole words; * stands for any letters. People to trust are told by an e-mail address, or by name and address: Ann <ann@mail.example>.
hold-list = What makes a comment wait
wants-work = Let browsers work for a comment
wants-work-help = While somebody writes, their browser calculates for about a second, and the comment gets 1.0 points less. Senders of thousands would need hours. Without JavaScript nothing is asked and nothing is lost.
asked-outside = An outside service checks comments for spam: it is shown what you write here and your network address.
outside = Outside check
outside-help = Akismet, or a service that is asked the same way, can be asked about each comment that is not spam already. Until it answers the comment waits; what it calls spam gets 5.0 points. If it does not answer, the comment waits for you. It is shown the text, name, e-mail address, website and network address of the commenter, and the form tells them so. Where a moderator decides otherwise than the service said, it is told.
outside-address = Address
outside-address-help = It begins with https://. The service of Akismet itself is at https://rest.akismet.com/1.1.
outside-key = Key
outside-key-kept = A key is kept. Leave this empty to go on using it with the same address.
outside-save = Save and check the key
outside-said = What the service said last, on { $it }:
outside-off = Ask no longer
outside-off-sure = The key is forgotten. What waits for an answer is judged without one.
done-outside-off = The outside service is asked no longer.
error-outside-address = Give an address that begins with https:// and has no user name, ? or #.
error-outside-key = Give the key that the service gave you, without spaces.
spam-list = What makes a comment spam
trust-list = Whose comments need not wait
try-settings = Try on the last 500
trial-heading = What these settings would have done
trial-text = { $count ->
    [one] Judged again: { $n } comment. Nothing has been saved.
   *[other] Judged again: the last { $n } comments. Nothing has been saved.
}
trial-now = Where they are now
learned-heading = What the filter learned
learned-ham = { $count ->
    [one] You approved { $n } comment.
   *[other] You approved { $n } comments.
}
learned-spam = { $count ->
    [one] You called { $n } comment spam.
   *[other] You called { $n } comments spam.
}
learned-help = It learns from these decisions alone, and newer ones count for more.
prove = See how well it does
proof-spam-caught = Of { $all } spam comments, { $n } would have been called spam.
proof-spam-held = Of { $all } spam comments, { $n } would have waited.
proof-ham-held = Of { $all } good comments, { $n } would have waited.
proof-ham-spam = Of { $all } good comments, { $n } would have been called spam.
proof-help = Each of your last decisions was judged by what the others taught, and by its text alone.
### Mail
mail = Mail
mail-settings = Mail server
mail-log = Mail that was sent
mail-off = No mail server is set, so no mail is sent: readers cannot ask for replies by mail, and you are not told of new comments.
mail-failed = { $count ->
    [one] { $n } mail could not be sent in the last seven days.
   *[other] { $n } mails could not be sent in the last seven days.
}
mail-configured = The configuration names { $it }. To change it, change the configuration and start Laman again.
mail-none = No mail yet.
mail-what = Mail
mail-newer = Newer mail
mail-older = Older mail
mail-again = Try again
mail-tries = { $count ->
    [one] { $n } try
   *[other] { $n } tries
}
mail-try = Send me a test
mail-save-try = Save and send me a test
mail-tried = The server took the test for { $it }. If it does not arrive, look among spam.
mail-not-taken = The test was not taken. See below how far it came, and what to change.
mail-turn-off = Turn mail off
mail-turn-off-sure = The server and its password are forgotten. Mail that waits is not sent.
smtp-host = Server
smtp-host-help = Such as mail.example. Your mail provider calls it SMTP or outgoing server.
smtp-security = Connection
security-tls = TLS (usual, port 465)
security-starttls = STARTTLS (port 587)
security-none = Unprotected (only for a server on the same machine)
smtp-port = Port
smtp-port-help = Empty: the usual one for the connection.
smtp-user = User name
smtp-user-help = Empty: the server wants no sign-in.
smtp-password-placeholder = kept
smtp-password-kept = One is kept. Empty: it stays. Empty the user name too, and it is forgotten.
mail-sender = Sender
mail-sender-help = The address that mail comes from. Most servers want one of their own.
error-smtp-host = Give the name of a server, such as mail.example.
error-smtp-port = Give a port from 1 to 65535, or leave it empty.
error-smtp-password = Give the password for this server and user name.
done-mail-off = Mail is off.
done-mail-again = It is tried again now.
mail-step-connect = Connected
mail-step-tls = Encrypted
mail-step-sign-in = Signed in
mail-step-accept = Taken
mail-no-step-connect = Not connected
mail-no-step-tls = Not encrypted
mail-no-step-sign-in = Not signed in
mail-no-step-accept = Not taken
mail-advice-connect = Check the server’s name and the port. If both are right, something between this machine and the server closes the way: ask your hosting provider whether outgoing mail is allowed.
mail-advice-tls = The server answers, but not with TLS, or its certificate is for another name. Try STARTTLS with port 587, and give the name that the certificate has.
mail-advice-starttls = The server offers no STARTTLS here, or its certificate is for another name. Try TLS with port 465.
mail-advice-certificate = The server’s certificate is from an authority that is not believed here, or its time is over. If the authority is your own, name the file with its certificate in the configuration: smtp-ca-file. Nothing was sent.
mail-advice-sign-in = Check the user name and the password. Some providers want a password made for programs.
mail-advice-accept = The server does not take mail from this sender, or not for this recipient. Use a sender that belongs to the user name.
mail-advice-accept-no-user = The server does not take mail without sign-in, or not from this sender. Give a user name and a password.
mail-kind-reply = New comment, to a reader
mail-kind-confirm = Question whether mail is wanted
mail-kind-own = Link to a comment, to its author
mail-kind-published = Published, to its author
mail-kind-refused = Not published, to its author
mail-kind-notice = New comment, to an editor
mail-kind-digest = New comments, to an editor
mail-kind-storm = Many comments at once, to the owner
mail-kind-backup = A backup that failed, to the owner
mail-kind-data = Link to what is stored
mail-state-waiting = Waiting
mail-state-sending = Being sent
mail-state-sent = Sent
mail-state-failed = Given up
mail-state-withdrawn = Not needed any more
notice-legend = Mail me about new comments
notice-none = Never
notice-once = At once
notice-hourly = Once an hour, those that wait
notice-daily = Once a day, those that wait
notice-to = To { $it }.
wish-legend = Mail me
wish-replies = Replies to this comment
wish-thread = Every new comment here
wish-verdict = Whether this comment is published
wish-help = The first time, you are asked by mail whether you want this. Each mail has a link that ends it.
error-email-for-mail = Give your e-mail address, or take the ticks below away.
mail-subject-try = Test from { $it }
mail-try-text = This is the test that you asked for. Mail works.
mail-subject-reply = New comment on “{ $it }”
mail-subject-waits = A comment waits on “{ $it }”
mail-subject-notice = New comment on “{ $it }”
mail-subject-digest = { $count ->
    [one] { $n } comment waits
   *[other] { $n } comments wait
}
mail-subject-confirm = Do you want mail from { $it }?
mail-subject-own = Your comment on “{ $it }”
mail-subject-storm = Comments arrive fast at { $it }: all of them wait
mail-subject-backup = { $it }: a backup could not be made
mail-subject-published = Your comment on “{ $it }” is published
mail-subject-refused = Your comment on “{ $it }” was not published
mail-subject-data = What { $it } stores about you
mail-wrote = { $name } wrote on “{ $title }”:
mail-confirm-text = Somebody, probably you, commented on “{ $title }” at { $blog } with this address, and asked to be mailed. Do you want that?
mail-confirm-else = If not, do nothing. You will get no such mail.
mail-own-text = Somebody, probably you, commented on “{ $title }” at { $blog } with this address.
mail-own-link = The next link opens the comment. Whoever has it can change or delete the comment, so keep it to yourself.
mail-storm-text = Comments arrive faster than usual, so all of them wait for you until it is quiet again. Until then there is no mail about each of them.
mail-backup-text = A backup that was due could not be made. It is tried again within the hour; there is no other mail about it until one has been made.
mail-published-text = Your comment on “{ $it }” is published.
mail-refused-text = Your comment on “{ $it }” was not published.
mail-data-text = Somebody, probably you, asked what { $it } stores under this address. The link shows it for a day, and lets you take it along or erase it. If it was not you, do nothing.
mail-why = You asked { $it } for this mail.
mail-link-read = Read it there
mail-link-approve = Approve
mail-link-spam = Spam
mail-link-delete = Delete
mail-link-confirm = Yes, mail me
mail-link-own = Change or delete the comment
mail-link-never = Never mail this address
mail-link-unsubscribe = No more such mail
mail-link-data = See what is stored
mail-link-desk = All comments that wait
mail-link-you = Change when you are mailed
act-approve = Approve this comment
act-spam = Mark this comment as spam
act-delete = Delete this comment
act-confirm = Yes, mail me
act-unsubscribe = No more mail about this post
act-never = Never mail this address
act-again = Allow mail again
act-text-approve = Readers will see it.
act-text-spam = Readers will not see it. It is kept among spam.
act-text-delete = The words are removed and cannot be brought back.
act-text-confirm = You get the mail that you asked for with your comment. Each has a link that ends it.
act-text-never = No mail is sent to your address any more, whoever types it in. Of the address itself a fingerprint is kept, to know it again.
act-text-unsubscribe = You get no more mail about comments on this post.
acted-approve = Approved. Readers see it now.
acted-spam = Marked as spam.
acted-delete = Deleted.
acted-confirm = Done. You get mail when there is something to tell.
acted-never = Done. No mail is sent to your address any more.
acted-again = Done. Mail may be sent to your address again.
acted-unsubscribe = Done. You get no more of this mail.
unsubscribe-all = No more mail from this blog
link-past = This link does nothing any more
link-past-text = It was used already, its time is over, or what it is about is gone.
person = What is stored about you
person-text = Give your e-mail address. If anything is stored under it, a link comes by mail that shows it, lets you take it along, and lets you erase it.
person-email = E-mail
person-ask = Mail me the link
person-asked = If anything is stored under { $it }, the link is on its way there.
person-download = Take everything along (JSON)
act-data = Erase everything
act-text-data = Erasing takes your comments away for ever; where they have replies, an empty mark stays. You get no more mail.
acted-data = Erased. Nothing is stored under your address any more.
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
trust-or-block = Trust or block
trust-it = Trust { $it }
block-it = Block { $it }
block-words = Block words, a domain, an address or a network
block-words-help = From now on, comments with it are spam. Words are found as whole words; * stands for any letters.
block = Block
error-line-wide = This would find nothing, or nearly everything. Give at least two letters or digits, or a smaller network.
error-list-full = The list is full. Take lines out of it in the settings of comments, then try again.
done-spam-listed = Blocked from now on: { $it }
done-trust-listed = Trusted from now on: { $it }
waiting-with = See what waits from there or has it
done-comment-nothing = Select comments first, then choose what to do with them.
done-comment-past = This cannot be undone any more.
done-comment-undo = Undone.
done-comment-pin = Pinned. It stands first in its thread.
done-comment-unpin = Unpinned.
done-comment-close = Comments on this post are closed.
done-comment-open = Comments on this post are open.
done-comment-empty = Emptied.
done-comment-more = Many were deleted, and more are left. Empty it again for the rest.
policy-threads = Threads and changes
policy-keep = How long things are kept
discard-days = Days after which spam and trash are deleted for good
discard-help = Until then they can be brought back.
network-days = Days after which the network of a comment’s sender is forgotten
network-help = Never the address: a keyed mark of its network tells what else came from there, and is shown to moderators alone.

### People
submitted = Handed in
not-whole = Brought in, not whole
submitted-count = { $count ->
    [one] { $n } draft was handed in
   *[other] { $n } drafts were handed in
}
submitted-at = handed in { $it }
hand-in = Hand in
take-back = Take back
hand-back = Hand back
done-handed-in = Saved and handed in. An editor will look at it.
done-taken-back = Saved. It is a draft like any other again.
publish-not-yours = Not saved: this is for an editor to do. Your text is kept below, so that you can copy it.
post-authors = Authors
people = People
role = Role
role-owner = Owner
role-editor = Editor
role-author = Author
role-contributor = Contributor
role-text-owner = everything, settings included
role-text-editor = all posts, pages, comments and pictures
role-text-author = writes and publishes own posts
role-text-contributor = writes drafts that an editor publishes
role-of = Role of { $it }
last-seen = Last here
never = Never
change = Change
disabled = cannot sign in
has-second = with an authenticator
name-alone = A name under posts, without a sign-in
drop-second = Switch authenticator off
drop-second-sure = They sign in with the password alone then, and set up a new one themselves.
disable = Disable sign-in
enable = Enable sign-in
revoke = Take back
invite = Invite
invite-legend = Invite somebody
invitations = Invitations
good-until = Good until
claims = Posts that become theirs
claims-none = None
invited = { $it } is invited. Copy the link below and send it to them; it is not shown again.
invited-by-mail = { $it } is invited. A mail with a link is on its way; the one below works too, and is not shown again.
invitation-link = Link to join
invitation-link-help = It is good for seven days, and once.
error-person-known = Somebody has this address already.
last-owner = Not done: somebody has to stay the owner. Make another owner first.
done-person-role = Role changed. They sign in anew.
done-person-disable = They cannot sign in any more. Their posts stay.
done-person-enable = They can sign in again.
done-person-second = They sign in by password alone now.
done-person-revoke = The invitation is taken back. Its link is good for nothing any more.
join-title = Join { $it }
join-text = You are invited as: { $it }. Choose the name that readers see, and a password.
join-go = Join
door-past-text = This link has been used, or its time is over. Ask for a new one.
forgotten = Forgotten password
forgotten-text = Give the address that you sign in with. A mail brings a link to a new password; it is good for an hour.
forgotten-go = Send the link
forgotten-asked = If somebody signs in with this address, a mail is on its way.
forgotten-no-mail = This blog sends no mail. Ask its owner, or use laman user password on the machine.
reset-title = A new password
reset-text = Everybody who is signed in with the old one is signed out.
done-reset = The password is changed. Sign in with it.
new-password = New password
present-password = Your present password
change-password = Change password
change-password-help = You are signed out everywhere else.
error-password = This is not your password.
second-title = One more step
second-code = Code of your authenticator
second-help = Six digits. Without it, one of your recovery codes.
second-again = Begin again
second-failed = This code does not fit. Take the one that is shown now.
second-past = That took too long. Begin again; nothing that you typed is lost.
sign-in-passkey = Sign in with a passkey
passkey-failed = This passkey opens nothing here. Try again, or sign in by password.
passkey-cancelled = The browser gave no passkey. Try again, or use your password.
about-you = About you
profile = Profile
profile-name-help = Shown under your posts. The address of your page stays as it is.
bio = About you
bio-help = Shown over the list of your posts.
picture = Picture
picture-help = The address of a picture on this blog, such as /media/…; empty for your initials.
error-picture = There is no such picture on this blog. Upload it first, and copy its address.
security = Signing in
authenticator = Authenticator
authenticator-on = Besides your password, a code of your authenticator is asked for.
authenticator-off = Your password alone opens the desk. With an authenticator app, a stolen password does not.
authenticator-change = Change
authenticator-set-up = Set up
authenticator-text = Scan this with an authenticator app, then type the code that it shows.
authenticator-secret = Or type this into the app:
authenticator-code = Code
authenticator-go = Switch on
authenticator-stop = Switch off
authenticator-done = From now on a code is asked for. You are signed out everywhere else.
qr-label = QR code with the secret that is written below
recovery-text = Keep these codes in a safe place. Each signs you in once when the authenticator is lost. They are not shown again.
recovery-kept = I have kept them
recovery-left = { $count ->
    [one] { $n } recovery code is left.
   *[other] { $n } recovery codes are left.
}
passkeys = Passkeys
passkeys-text = A passkey signs you in by fingerprint, face or PIN, without a password or a code.
passkey-remove = Remove the passkey
passkey-remove-sure = Nobody signs in with it any more. The device that holds it is not told.
passkeys-script = This browser makes no passkeys, or its scripts are switched off.
passkey-name = Name of the passkey
passkey-name-help = To know it again: “Phone”, “Blue key”.
passkey-add = Add a passkey
passkey-not-kept = The passkey was not kept. Try again.
error-passkey-name = Give a name of at most 60 characters. Nobody can have more than 20 passkeys.
remove = Remove
used-at = used { $it }
never-used = never used
devices = Where you are signed in
device-unknown = Unknown device
device-here = here
sign-out-others = Sign out everywhere else
done-security-password = The password is changed. You are signed out everywhere else.
done-security-device = Signed out there.
done-security-devices = Signed out everywhere else.
done-security-second-off = No code is asked for any more.
done-security-passkey = The passkey is kept.
done-security-passkey-off = The passkey is removed.
mail-kind-join = Invitation
mail-kind-reset = New password
mail-subject-join = Join { $it }
mail-join-text = You are invited to write for { $it }. This link lets you choose a name and a password; it is good for seven days.
mail-link-join = Join
mail-subject-reset = A new password for { $it }
mail-reset-text = Somebody asked for a new password for your account on { $it }. This link lets you choose one; it is good for an hour.
mail-reset-else = If that was not you, do nothing: your password stays as it is.
mail-link-reset = Choose a new password
log = Log
log-what = What
log-who = Who
log-by = Whose acts
log-newer = Newer
log-older = Older
log-empty = Nothing has been noted yet.
everybody = Everybody
show = Show
log-sign-in = Signed in
log-sign-in-failed = A sign-in failed
log-reset-asked = A new password was asked for
log-reset = Password changed by a mailed link
log-password = Password changed
log-profile = Profile changed
log-add = Added from the shell
log-invite = Invited
log-revoke = Invitation taken back
log-join = Joined
log-role-owner = Made an owner
log-role-editor = Made an editor
log-role-author = Made an author
log-role-contributor = Made a contributor
log-disable = Sign-in disabled
log-enable = Sign-in enabled
log-second-on = Authenticator switched on
log-second-off = Authenticator switched off
log-passkey-add = Passkey added
log-passkey-remove = Passkey removed
log-export = Whole blog taken away
log-import = Another blog brought in
log-backup = Backup asked for
log-settings-backup = Time of backups changed
log-save = Post saved
log-publish = Post published
log-update = Published post changed
log-unpublish = Post unpublished
log-bring-back = Earlier revision brought back
log-discard = Changes discarded
log-trash = Post moved to the trash
log-restore = Post taken out of the trash
log-hand-in = Draft handed in
log-take-back = Draft taken back
log-share = Draft shared by a link
log-unshare = Link to a draft removed
log-settings = Settings changed
log-settings-comments = Comment settings changed
log-settings-appearance = Appearance changed
log-settings-reading = Reading settings changed
log-settings-mail = Mail settings changed
log-settings-outside = Outside service changed
log-trust-line = Put on the list of whom to trust
log-spam-line = Put on the list of spam
log-unlist-line = Taken off a list
log-redirect-add = Redirect added
log-redirect-remove = Redirect removed
log-media-add = File added
log-media-replace = File replaced
log-media-delete = File deleted
log-comments-approve = Comments approved
log-comments-hold = Comments held
log-comments-spam = Comments marked as spam
log-comments-trash = Comments moved to the trash
log-comments-restore = Comments taken out of the trash
log-comments-delete = Comments deleted for good
log-comments-undo = Decision about comments undone
log-comment-edit = Comment changed
log-comment-move = Comment moved to another post
log-comment-pin = Comment pinned
log-comment-unpin = Comment unpinned
log-thread-open = Comments opened
log-thread-close = Comments closed

### Writing

tools = Formatting
tool-bold = Bold
tool-italic = Italic
tool-link = Link
tool-library = Choose from the library
tool-device = From this device…
tool-mention = Link to a post
tool-heading = Heading
tool-quote = Quotation
tool-list = List
tool-numbered = Numbered list
tool-task = Task list
tool-code = Code
tool-picture = Picture or file
tool-table = Table
tool-footnote = Footnote
tool-beside = Preview beside the text
tool-full = Full screen
tool-help = How to format
tool-alt = What it shows
tool-caption = Caption
tool-credit = Credit
tool-column = Column
tool-note = Note
picture-sending = Sending
picture-lost = Not sent. Try again, or add it on the page of files:
picture-signed-out = Not sent, because you are signed out. Sign in in another tab and try again:
count-words = Words
count-minutes = Minutes to read
syntax-emphasis = Bold, italic, struck out
syntax-heading = A heading; more # make it lower
syntax-link = A link. Two brackets, [[, look for a post of your own. An address pasted over words makes them a link.
syntax-list = A list, a numbered list, tasks. An empty item ends it.
syntax-code = Code in a line; three of the marks around lines of code, with the language
syntax-picture = A picture. Alone in its paragraph it gets its caption and, after a |, its credit. Several in one paragraph make a gallery.
syntax-footnote = A footnote, and its text on a line of its own
syntax-table = A table
syntax-math = Mathematics as in TeX, in a line and standing alone
syntax-video = A video of your own, or of YouTube, Vimeo or PeerTube: its address or a link to it, alone in a paragraph. Nobody is asked for anything before a reader chooses to play it.
syntax-details = A part that readers unfold
syntax-more = Ends the part that the home page shows
syntax-tab = Tab moves lists and code in, with Shift out. Esc, then Tab leaves the text.
syntax-keys = Ctrl+S saves, Ctrl+Enter publishes or updates.
beside-failed = The preview cannot be drawn at the moment. Your text is untouched; go on writing.
library-field = Words of its name, description or caption
mention-field = Words of its title or text
ask-publish = Publish this now?
ask-schedule = Schedule this for { $it }?
ask-update = Update what readers see?
ask-not = Go on writing
### Revisions
thread-open = Open
thread-closed = Closed
thread-hidden = Hidden
featured = Featured
cover = Cover picture
cover-help = Address of a picture of this blog, such as /media/…/picture.jpg. It stands above the text, and others show it with a link to the post.
cover-alt = What the cover shows
cover-caption = What stands below the cover
description = Description
description-help = Plain text for search engines. Empty: the excerpt.
canonical = First published at
canonical-help = Full address, if the text appeared elsewhere before. Search engines are led there.
post-language = Language of this post
language-of-blog = That of the blog
card = As search engines and social sites show it
error-cover = Give the address of a picture of this blog. It begins with /media/.
error-canonical = Give a full address such as https://example.org/text, or leave this empty.
save-unseen = Save without publishing
publish-anyway = Publish all the same
working-draft = What you typed { $it } is kept, but something in it cannot be saved as it stands: it is marked when you save.
working-notice = You have changes that readers do not see yet, saved { $it }.
working-theirs = { $name } has changes here that readers do not see yet, saved { $it }. Update publishes them, too.
working-changes = See what changed
working-discard = Discard the changes
saving-saved = Saved { $it }
saving-now = Saving…
saving-offline = Offline, kept in this browser
saving-unkept = Not saved: this browser keeps nothing either. Leave this page open.
saving-conflict-own = Not saved: you saved this in another window or on another device in the meantime. What stands here is kept in this browser.
saving-ended = Your session has ended. Your text is kept in this browser; sign in, and it is saved.
saving-conflict = Not saved: somebody else saved this in the meantime. Your text is kept in this browser.
saving-both = See both
saving-gone = Not saved: this post was deleted. Your text is kept in this browser.
saving-not-now = Not saved: the disk is full or busy. Your text is kept in this browser, and is tried again.
kept-here = This browser has newer text than was saved:
kept-new = This browser has a text that was never saved:
kept-use = Use this
kept-discard = Discard
kept-discarded = Discarded.
kept-differences = What differs
conflict-differences = From theirs to yours
conflict-settled = What each of you changed does not touch what the other did. Both are together in the text below; look at it and save.
conflict-contested = You changed the same lines. Choose what stands in the text below; nothing is lost, each is among the revisions.
conflict-take = What stands in the text
take-mine = Yours
take-theirs = Theirs
take-merged = Both together
merge-mine = [Yours:]
merge-theirs = [Theirs:]
merge-end = [End]
difference-added = added:
difference-removed = removed:
difference-gap = the same text goes on
difference-none = There is no difference.
side-live = what is published, or the draft as saved
side-now = what stands in the form
side-nothing = nothing
revisions = Revisions
revisions-help = Every save is kept. What was saved by itself is kept every ten minutes, and less often as it grows old.
revisions-none = Nothing has been saved yet.
revision-what = What
revision-who = Who
revision-size = Size
revision-from = From
revision-to = To
revision-save = Saved
revision-publish = Published
revision-restore = Brought back
revision-autosave = Saved by itself
revision-conflict = Could not be saved: a newer text was there
size-bytes = { $count ->
    [one] 1 byte
   *[other] { $n } bytes
}
size-kb = { $it } kB
compare = Compare
changes = What changed
newer-revisions = Newer revisions
older-revisions = Older revisions
bring-back = Bring this back
bring-back-help = It becomes the newest revision. What is published stays as it is until you update it.
duplicate = Duplicate
template-yes = Use as a template
template-no = No longer a template
new-from = New from
share = Share by a link
draft-links = Links to this draft
draft-links-help = Whoever has one sees what stands here, published or not. Search engines are kept out.
unshare = Revoke
shared-notice = This is a draft that was shared with you. Please do not pass it on.
check = Check before publishing
findings = What could be mended
findings-held = Not published yet: look at these first
findings-none = Nothing to mend was found.
finding-line = line { $n }
finding-no-alt = A picture has no text for those who do not see it. Describe it here or in the library; of a mere ornament nothing needs to be said:
finding-skipped-heading = A heading skips a level:
finding-empty-link = A link has no words:
finding-bare-link = A link shows only its address:
finding-no-address = A link has no address:
finding-broken-link = A link leads nowhere on this blog:
finding-no-footnote = A mark has no footnote:
finding-broken-formula = A formula cannot be drawn, and readers would see its TeX:
finding-missing-file = A picture or file is not on this blog:
finding-missing-cover = The cover is not on this blog:
finding-heavy-picture = A picture is heavy, and every reader loads all of it. Make it smaller:
finding-heavy-page = The pictures of this page are heavy together. Leave some out, or make them smaller:
finding-no-cover-alt = The cover has no text for those who do not see it:
finding-past = It would be published in the past:
finding-future = It will be published later:
finding-double-hour = This hour comes twice. The first is meant:
done-kept = Saved. Readers do not see it until you update.
done-discarded = The changes are discarded. The revisions still have them.
done-brought-back = Brought back.
done-duplicated = This is the copy.
done-shared = Shared. The link is below.
done-unshared = The link shows nothing any more.
done-template = New posts can begin as copies of this one.
done-no-template = It is no longer a template.
error-410 = Gone
error-410-text = What lived at this address has been deleted for good.
trash-days = Days after which posts in the trash are deleted for good

### Files

media = Files
media-which = Which files
media-show-all = All
media-show-pictures = Pictures
media-show-files = Other files
media-show-unused = Not used
media-show-no-alt = Without description
search-media = Search the files
newer-media = Newer files
older-media = Older files
no-media-yet = No files yet. Choose some above, or drop them on this page.
no-media-here = Nothing here.
media-unused = not used
media-behind = in what readers do not see
media-no-alt = no description
media-uses = { $count ->
    [one] in 1 post
   *[other] in { $n } posts
}
weight-kb = { $n } kB
weight-mb = { $n } MB
upload = Upload
upload-files = Pictures and files
upload-help = JPEG, PNG, GIF, WebP and SVG pictures, PDF, sound, film and zip, up to { $n } MB each. Where a photo was taken and with what is removed from it.
upload-waiting = waits
upload-sending = is being sent
upload-cancel = Stop
upload-cancelled = Stopped.
upload-lost = The connection was lost. Send it again.
upload-signed-out = You are signed out. Sign in in another tab, then send it again.
choose-file = Choose a file first.
media-kept = { $count ->
    [one] 1 file was kept.
   *[other] { $n } files were kept.
}
media-refused = These were not kept:
done-media-added = Kept. They are the newest below.
done-media-deleted = Deleted.
done-media-saved = Saved. Texts that you put it into from now on say this.
done-media-replaced = Replaced. The posts that show it are being drawn again.
back-to-media = Back to the files
open-file = Open it
media-address = Its address
media-markdown = To put it into a text
media-markdown-help = Copy this line into the text, where it belongs.
media-alt = Description
media-alt-help = What it shows, for those who do not see it. Leave it empty if it is only decoration.
media-caption = Caption
media-credit = Credit
media-where = Where it is used
media-nowhere = In no post or page.
media-elsewhere = In posts of others.
media-in-changes = In the changes, which readers do not see yet, of
media-in-revisions = In earlier revisions of
media-face-of = The picture of
media-replace = Replace it
media-replacement = The new file
media-replace-help = It takes the place of this one in every post that shows it. The old address leads to it.
replace-kind = A picture can only be replaced by a picture, and a file by a file.
media-delete = Delete it
media-delete-sure = The file goes, and cannot be brought back.
media-in-use = It cannot be deleted while it is used. Take it out of what stands above first; earlier revisions go with their post. Replacing it shows another file in all these places.
refused-large = It is larger than { $n } MB. Make it smaller, or put it elsewhere and link to it.
refused-heavy = A picture may weigh { $n } MB at most. Save it smaller, or as JPEG.
refused-pixels = It has { $width } × { $height } pixels. Make it smaller: { $side } on a side and { $millions } million in all are the most.
refused-frames = Its { $frames } frames have more than { $millions } million pixels together. Make it smaller or shorter, or send it as a film.
refused-heic = It is a HEIC picture, which most browsers cannot show. Save it as JPEG and send that. On an iPhone: Settings, Camera, Formats, Most Compatible.
refused-avif = It is an AVIF picture, which cannot be checked here. Save it as JPEG, PNG or WebP and send that.
refused-kind = This kind of file is not taken. Pictures may be JPEG, PNG, GIF, WebP or SVG; other files PDF, MP3, Ogg, M4A, WAV, FLAC, MP4, WebM or zip.
refused-empty = The file is empty.
refused-cut-off = The end of the file is missing. Copy it from where it came from again.
refused-damaged = The file is damaged. Open it in a picture editor and save it anew.
refused-drawing = The drawing holds more than a picture: a script, or something from elsewhere. Save it as plain SVG, or as PNG.
refused-not-now = It could not be kept. The disk may be full, or too much is under way. Try again in a moment.

### The desk
redirects = Redirects
redirect-new = A new redirect
redirect-from = Old address
redirect-from-help = As in /2019/03/old-post. What stands after a ? is not looked at.
redirect-to = Leads to
redirect-to-help = An address of this blog such as /2023/02/new-post, or a whole one that begins with https://
redirect-add = Add redirect
redirect-remove = Remove redirect
search-redirects = Search redirects
no-redirects = No redirects yet. Old addresses of posts lead to their new ones without any.
error-redirect-path = Type the path of an old address, such as /old-post.
error-redirect-target = Type an address that begins with / or with https://
error-redirect-taken = Something can be read at this address already. Choose an address where nothing is.
error-redirect-exists = This address is redirected already. Remove that redirect first.
error-redirect-loop = This would lead around in a circle. Choose where it ends.
done-redirect-added = The redirect works from now on.
done-redirect-removed = The redirect is removed.
done-redirect-forgotten = Taken off the list.
missing = Asked for in vain
missing-help = Addresses at which readers found nothing, most asked for first. What only attackers try is left out. Of the page that led there, its host alone is kept.
no-missing = Nobody has met a dead end lately.
missing-hits = How often
missing-last = Last time
missing-from = from { $it }
missing-lead-to = Redirect to “{ $it }”
missing-forget = Take off the list
address = Address
times = { $count ->
    [one] once
   *[other] { $n } times
}

# Backups
backups = Backups
backup-help = A backup is one file with the whole blog in it: posts, comments, pictures, people and settings. It is opened again, checked, and every row is counted against the blog before it gets its name. It holds e-mail addresses and hashes of passwords: keep it where only you can read it, and a copy of it on another machine.
backup-back = What brings it back, on the machine itself:
backup-last = Last backup on { $it }.
backup-proved = { $n ->
    [one] Proved, with { $n } row.
   *[other] Proved, with { $n } rows.
}
backup-none = There is no backup yet.
backup-now = Back up now
done-backup-asked = The backup is being made. Load this page again to see what came of it.
backup-when = By itself
backup-every-never = Never
backup-every-daily = Every day
backup-every-weekly = Every Monday
backup-hour = Hour of the day
backup-hour-help = 0 to 23, as the clock shows it in { $it }.
backup-folder = Folder
backup-folder-help = A folder on the machine that Laman runs on, which it may write to. Empty: { $it }, beside the database.
backup-keep = How many are kept
backup-tried = The last ones
backup-came = What came of it
export = Export
export-now = Download
export-private = These hold e-mail addresses of commenters: keep them where only you can read them. Passwords are in none of them.
export-as-archive = Everything, for Laman
export-for-archive = A zip of plain files: posts as Markdown, comments, people and settings as JSON, pictures as they are. laman import laman brings it back, whole.
export-as-wordpress = Posts and comments, for WordPress
export-for-wordpress = One XML file for Tools, Import in WordPress. It fetches the pictures from this blog, so leave the blog up until that is done.
export-as-tables = Posts and comments, as tables
export-for-tables = A zip with two CSV files for spreadsheets. Nothing in them is taken for a formula.
export-static = The blog as plain files
export-static-help = Every page, feed and picture, for any web server. Comment forms and search are left out, since they need the program. It is made on the machine, with the address where the files will be served:
backup-by-command = By command.
backup-trouble-failed = The last backup could not be made.
backup-trouble-overdue = A backup is overdue: none was made when it should have been.
backup-failure-exists = Not made: there is a file of that name already.
backup-failure-busy = Not made: another program is writing that file.
backup-failure-no-room = Not made: the disk has no room. Make room there, choose another folder, or keep fewer.
backup-failure-io = Not made: the folder cannot be written to. See that it is there and that Laman may write to it.
backup-failure-open = Not made: the database cannot be read. Run laman check.
backup-failure-unsound = Not kept: the copy is not sound, most likely since the blog is not. Run laman check.
error-backup-folder = Give the full path of a folder that is there on this machine, such as /backup/blog.
error-backup-write = Laman cannot write to this folder ({ $it }). Let it write there, or choose another folder.
error-backup-keep = Give a number from 1 to { $n }.
size-kilobytes = { $n } KB
size-megabytes = { $n } MB

### Many posts
tag = Tag
author = Author
order = Order
newest-first = Newest first
oldest-first = Oldest first
show-all-posts = Show all
many-posts = Do to all that are selected
tag-add = Add the tag
tag-remove = Remove the tag
delete-posts-sure = The selected posts and their comments are deleted for good. This cannot be undone.
done-posts-publish = { $count ->
    [0] Nothing was published.
    [one] { $n } published.
   *[other] { $n } published.
}
done-posts-unpublish = { $count ->
    [0] Nothing was taken back.
   *[other] { $n } taken back to drafts. Readers no longer see them.
}
done-posts-tag = { $count ->
    [0] Nothing was tagged.
   *[other] { $n } tagged.
}
done-posts-untag = { $count ->
    [0] No tag was removed.
   *[other] The tag was removed from { $n }.
}
done-posts-trash = { $count ->
    [0] Nothing was moved.
   *[other] { $n } moved to the trash.
}
done-posts-restore = { $count ->
    [0] Nothing was restored.
   *[other] { $n } restored.
}
done-posts-passed = { $count ->
    [one] { $n } stays as it was: it is so already, lacks a title or a free address, or is not yours to change.
   *[other] { $n } stay as they were: they are so already, lack a title or a free address, or are not yours to change.
}
done-posts-trashed = Moved to the trash. You can restore it from there.
done-posts-undone = Undone.
done-posts-past = This cannot be undone any more.
done-posts-nothing = Select posts first, then choose what to do with them.
done-posts-no-tag = Type one tag first, of at most 60 characters and without a comma.
done-posts-deleted = Deleted for good.
done-posts-more = Much was deleted, and more is left. Delete the rest again.
log-posts-publish = Posts published
log-posts-unpublish = Posts taken back to drafts
log-posts-tag = Tag added to posts
log-posts-untag = Tag removed from posts
log-posts-trash = Posts moved to the trash
log-posts-restore = Posts restored
log-posts-undo = What was done to posts undone
log-post-delete = Post deleted for good
log-readers-on = Counting of readers switched on
log-readers-off = Counting of readers switched off

### Readers
desk = Desk
waits = What waits
nothing-waits = Nothing waits for you.
your-drafts = Your drafts
all-drafts = All drafts
latest-posts = Latest posts
readers = Readers
readers-more = More about readers
readers-off = Readers are not counted. What was counted before is kept.
readers-stop = Stop counting
readers-start = Count readers
done-readers-on = Readers are counted from now on.
done-readers-off = Readers are not counted any more.
days-shown = Days shown
last-days = Last { $n } days
views = Views
views-by-day = Views by day
view-count = { $count ->
    [one] { $n } view
   *[other] { $n } views
}
reader-count = { $count ->
    [one] { $n } reader
   *[other] { $n } readers
}
most-views = Most on one day: { $n }
in-numbers = In numbers
day = Day
read-most = Read most
nothing-read = Nothing has been read in these days.
home-page = Home page
lists = Lists, tags, archive
other-posts = Other posts
deleted-post = A deleted post
from-where = Where they came from
nobody-led = No other site has led anybody here in these days.
site = Site
other-sites = Other sites
how-counted = How this is counted
how-counted-text = Views are counted by day and page when a page goes out to a browser. Programs, pages fetched in advance, and browsers that ask not to be tracked are left out. A reader is counted once a day, by a mark that is held in memory alone and thrown away with the day. No address and no cookie is kept. Numbers come in once a minute; after a restart, readers of the same day may count twice. If a cache stands before the blog, what it answers is not counted.
cover-library = Look in the library (opens a new tab)

appearance = Appearance
accent = Accent colour
accent-help = Of links and buttons, such as #7d3426. Leave it empty for the usual one.
accent-shown = So that it can be read, it is shown as { $light } on light paper and as { $dark } on dark paper.
error-accent = Give a colour as # and six digits or letters from a to f, such as #7d3426.
typeface = Typeface
typeface-serif = Serif
typeface-sans = Sans serif
scheme = Light or dark
scheme-auto = As the reader’s device has it
scheme-light = Always light
scheme-dark = Always dark
banner = Header picture
banner-help = The address of a picture from your files, beginning with /media/. It stands over every page.
banner-alt = What the picture shows
banner-alt-help = For those who do not see it. Leave it empty if it is only there to look nice.
error-banner = Give the address of a picture from your files: open the picture there and copy it.
nav-links = Links of the navigation
nav-links-help = One a line, in their order, at most { $n }: label | address. The address is a path of this blog, such as /tag/garden, or begins with https:// or http://. Pages stand there by themselves.
error-links = Look at line { $n }: write a label, then |, then a path or an address, and not too many lines.
footer = Foot of every page
footer-help = Text with the Markdown of comments: links, bold, italic, lists.
own-css = Own style rules
own-css-help = CSS, for readers’ pages only. Pictures in it come from this blog: url(/media/…).
error-css-long = Too long from line { $n } on: keep it within 20,000 bytes.
error-css-import = Line { $n }: leave out @import, @charset and @namespace. Put the rules here instead.
error-css-address = Line { $n }: use only url() with a path of this blog, such as url(/media/…).
error-css-program = Line { $n }: leave out expression(), behavior and -moz-binding.
error-css-tag = Line { $n }: leave out </style.
error-css-backslash = Line { $n }: a backslash may stand only inside quotation marks.
error-css-open = Line { $n }: a bracket, comment or quotation mark here has no partner.
look-preview-notice = This is a preview. Nothing has been saved; close this tab to go on choosing.
not-shown-mend = Cannot be shown yet: see what is marked below.

reading = Reading
feed-posts = Posts in a feed
feeds = Feeds hold
feeds-full = Whole posts
feeds-short = How posts begin
feeds-help = Whole posts can be read where the feed is read. Otherwise readers follow the link to the blog.

### Moving in and out
moving = Import
import = Bring in another blog
import-help = Posts, pages, drafts, comments and pictures of WordPress, Blogger, Ghost or a folder of Markdown, and comments of Disqus, Commento, Remark42 or Isso. First it is tried: you see what would come, and nothing is written. Drafts stay drafts, spam stays spam, old addresses lead to the new ones, and what was brought in once does not come twice.
import-files = Files
import-files-help = The export as the other system gave it, packed or not; all of its files, if it gave several; a zip that has its pictures in it, too; a folder of Markdown as a zip. At most { $n } MB each.
import-path = Or where it is on the machine
import-path-help = The full path of a file or folder on the machine that Laman runs on, for what is too large to send.
import-format = System
import-format-any = Find out by itself
import-pictures = Pictures
import-site = Address of the old blog
import-site-help = Only where the export does not say it, as with Ghost, Markdown and archives of Blogger: https://old.example
error-import-site = This is no address of a blog. Write it as https://old.example
import-media = Folder or zip of pictures
import-media-help = The full path of a copy of the old blog’s uploads on this machine. Empty: only what the export itself brings.
import-fetch = Ask the old blog for pictures that are only there
import-hosts = Other hosts that may be asked
import-hosts-help = Such as files.example.com, with spaces between them. The old blog’s own host is always among them.
import-try = Try it
import-not-yet = Not tried yet: see what is marked below.
import-how-far = How far it is
import-entries = { $n ->
    [one] { $n } post or page so far
   *[other] { $n } posts and pages so far
}
import-look = See how far it is now
import-stop = Stop it
import-run = Bring it in
import-drop = Forget it and remove what was sent
import-what = What
import-count = How many
import-none = Nothing.
import-lines = What to know
import-report = Download all of this (JSON)
import-more = { $n ->
    [one] And { $n } more. laman import on the command line writes all of them into a file with --report.
   *[other] And { $n } more. laman import on the command line writes all of them into a file with --report.
}
import-stand-waiting = Its turn comes
import-stand-trying = It is being tried
import-stand-running = It is being brought in
import-stand-tried = This is what would come
import-stand-done = It is here
import-stand-stopped = It was stopped
import-stand-refused = It could not be read
import-stand-broken = It was broken off
import-next-tried = Nothing is written yet. If it looks right, bring it in.
import-next-done = Have a look at your posts.
import-next-nothing = Nothing was brought in.
import-removed = What was sent has been removed again.
import-percent = { $n } %
import-next-stopped = What came before that is here, unless it was only tried. Bring it in to go on: nothing comes twice.
import-next-refused = What came before the place that cannot be read is here.
import-next-broken = The program ended in the middle of it, or could not write. What came before that is here, unless it was only tried. Bring it in to go on: nothing comes twice.
import-why-gone = What was to be brought in is not there any more. Send it again, or look at the path.
import-why-archive = This is an archive of Laman itself. It goes into an empty blog, by command: laman import laman FILE.
import-why-utf16 = This is in UTF-16, which cannot be read. Save it in UTF-8 and send it again.
import-why-unknown = It is not clear what this is. Choose the system in the form below. A folder of Markdown has to be on the machine, unpacked: give its path.
import-kind-posts = New posts
import-kind-scheduled = Of those, to appear later
import-kind-pages = New pages
import-kind-drafts = New drafts
import-kind-pictures = New pictures
import-kind-files = New files besides pictures
import-kind-updated-comments = Comments brought up to date
import-kind-missing = Pictures that were not found
import-kind-approved = New comments, approved
import-kind-held = New comments, waiting
import-kind-spam = New comments, spam
import-kind-trash = New comments, in the trash
import-kind-updated = Brought up to date
import-kind-known = Here already
import-kind-known-comments = Comments that are here already
import-kind-changed = Of those, changed or deleted here since
import-kind-originals = Not kept whole: the original is beside the post
import-kind-skipped = Left out
import-kind-warnings = Warnings
# What to know of an import, each behind the place where it was found. $why is another of these, or several, or what a library says.
import-words = { $it }
import-unreadable = cannot be read: { $why }
import-too-much = holds more than an export can
import-long-text = a text is longer than 32 MB
import-long-line = is too long
import-large = is larger than { $n } MB
import-empty = is empty
import-damaged = is damaged: { $why }
import-cut-off = ends in the middle: it was not saved as a whole
import-no-xml = is no XML any more: { $why }
import-nested = elements are nested too deeply
import-doctype = has a document type, which no export has; remove the line
import-not-utf8 = is not in UTF-8; save it in that encoding first
import-name-not-utf8 = has a name that is not UTF-8
import-no-json = is no JSON any more: { $why }
import-line-no-json = is no JSON
import-no-zip = is no zip archive that can be read: { $why }
import-blogger-none = is no feed of Blogger
import-none-in-it = holds no export of that kind
import-zip-no-plain-file = it is packed in a way that is not known, or is no plain file
import-blogger-no-feed = holds no feed.atom of Blogger
import-commento-none = holds no comments of Commento
import-disqus-none = holds no threads of Disqus
import-ghost-none = holds no posts of Ghost
import-isso-none = is no database of Isso: it has no tables threads and comments
import-isso-sqlite = cannot be read as a database of SQLite: { $why }
import-remark42-none = is no backup of Remark42: its first line names no version
import-wordpress-none = is no WordPress export: it begins with <{ $element }>, not with <rss>
import-wordpress-no-xml = is no WordPress export: it holds no XML
import-wordpress-feed = is a feed, not a WordPress export: choose Tools, Export there
import-no-id = has no id
import-no-id-or-title = has no id, or no title
import-no-number = an item has no number
import-number-twice = "{ $title }" has the number { $number }, which another item before it has
import-no-date = has no date
import-no-page = belongs to no page
import-no-post = belongs to no post
import-no-post-there = no post is there; comments left out: { $n }
import-comments-early = comments stand before their posts, too many to wait for them ({ $n }): run the import once more, and they come
import-blogger-site = texts link to { $host }: if this blog was there, say so (the address of the old blog, --site), and those links lead here
import-blocked = comments of people who are blocked there are in the trash: { $n }
import-comments-closed = comments are closed there; here they are as the post says
import-in-trash = is in the trash there, and stays behind
import-comment-no-page = comment { $id } belongs to no page
import-comment-no-date = comment { $id } has no date
import-comment-empty = the comment says nothing
import-comment-undrawn = the comment is nested too deeply or too long to be drawn
import-no-random = the system gives no random numbers
import-left-out = { $why } (left out: { $n })
import-left-kind = items of the kind "{ $kind }", which this blog does not have
import-kind-as-pages = items of the kind "{ $kind }" come as pages: { $n }
import-left-blocks = reusable blocks (patterns) that no text shows
import-left-trash = posts in the trash
import-left-comments = comments on what was left out
import-left-comment-kind = { $kind }s among the comments
import-comment-no-number = a comment of { $name } has no number: { $text }
import-comment-dateless = a comment of { $name } has no date: { $text }
import-comment-dated = a comment of { $name } has no date, and gets that of the post: { $text }
import-was-private = was private: it becomes a draft
import-was-unseen = was not shown there (it was not to be rendered): it becomes a draft
import-expired = was over on { $date }: it becomes a draft
import-expires = was to be taken away on { $date }, which does not happen here: it stays
import-was-waiting = was still waiting to be published there, and its date is over: it becomes a draft
import-was-pending = waited for review: it becomes a draft
import-was-mailed = was only mailed: it comes as a draft
import-was-not-public = was not public ({ $who }): it comes as a draft
import-had-password = had a password: it becomes a draft
import-unknown-state = had the unknown state "{ $state }": it becomes a draft
import-no-date-draft = has no date that can be read: it becomes a draft
import-no-date-page = has no date: it becomes a page
import-no-title = has no title: it is named after its file
import-section = is the front page of a section
import-permalink-unknown = in its addresses { $pattern }, { $part } is not known here: they are taken from the names of the files, and old links to them may lead nowhere
import-address-template = its address { $address } is made by a template, which is not read here: it is taken from the name of its file
import-program-hides = is a program, which is not run, and may hide texts: those that it is for come as drafts
import-data-unread = cannot be read ({ $why }), and may hide texts: those that it is for come as drafts
import-error-page = is the page for what is not found: it becomes a draft
import-no-text = has no text, its page was made by its template: it becomes a draft
import-is-template = is a template, and stays behind
import-key-twice = has a key twice: the last of them counts
import-was-unlisted = was in no list there, and was shown to those alone who had its address: it comes into the lists here
import-not-markdown = is not Markdown, and stays behind
import-template-tags = has template tags that stay as they are: { $tags }
import-code-head = code injected into the head of the page stays behind
import-code-foot = code injected into the foot of the page stays behind
import-card-left = a card "{ $card }" stays behind
import-text-unread = its text cannot be read: it becomes a draft
import-text-cut = the text is too long to be read as a whole
import-text-undrawn = the text is nested too deeply or too long to be drawn
import-file-stays = the file { $file } stays at the old site
import-file-not-come = the file { $file } stays at the old site: { $why }
import-file-none = it is none of the kinds that are kept here
import-more-files-stay = more files stay at the old site
import-footnotes = its footnotes cannot be read
import-odd-bytes = held bytes that are no text: { $count }; controls are left out, � stands for the others
import-library-stays = of the files there that no text shows, { $n } did not come
import-withdrawn = is a draft there now: what is published here is left as it is
import-withdrawn-private = is private there now: what is published here is left as it is
import-withdrawn-password = has a password there now: what is published here is left as it is
import-withdrawn-trash = is in the trash there now: what is published here is left as it is
import-pictures-beside = was changed here, and its text stays as it is: its pictures are in the library now, and their old addresses lead to them, but the text still names those
import-changed-both = was changed there and here: it is left as it is here
import-same-name = is taken for { $slug } here because of the name alone: the e-mail addresses differ
import-cover-elsewhere = its cover, attachment { $number }, is not in this export: import the one that has the attachments, then this again
import-gallery = a gallery shows pictures that the export does not name
import-link-nowhere = link { $address } leads to no file
import-file-left = file { $address } is no picture and stays behind
import-picture-missing = picture { $picture } is missing
import-picture-not-found = picture { $picture } was not found
import-picture-not-come = picture { $picture } was not found: { $why }
import-picture-refused = picture { $picture } is refused: { $why }
import-outside = it lies outside of the folder, or behind a symbolic link
import-old-address-taken = the old address /{ $path } belongs to another post
import-path-taken = the old address is another’s here
import-redirect-pattern = a redirect from more than one address stays behind: { $from }
import-redirects-unread = the redirects cannot be read
import-not-whole = could not be kept whole: { $why }; its original is kept
import-not-whole-nor-kept = could not be kept whole: { $why }; its original is too long to be kept here
import-cut-draft = only the beginning of its text can be drawn: it becomes a draft
missed-elsewhere = it is only at the old blog
missed-no-site = where the old blog was is not known: --site tells it
missed-host = { $host } was not asked: --from-host { $host } allows it
missed-private = { $host } is not on the public internet
missed-status = the old site answers { $status }
missed-large = it is too large
missed-circle = the old site leads on and on
missed-silent = the old site does not answer: { $why }
missed-not-asked = it is not asked any more
missed-before = it was asked for before
missed-nothing = its address cannot be read
picture-empty = the file is empty
picture-heavy = it is larger than { $n } MB
picture-large = it has { $width } × { $height } pixels, more than { $side } on a side or { $millions } million in all
picture-long = its { $frames } frames have more than { $millions } million pixels together
picture-other = it is { $why }; convert it to JPEG, PNG or WebP
picture-is-avif = an AVIF picture
picture-is-heic = a HEIC picture
picture-is-jxl = a JPEG XL picture
picture-is-tiff = a TIFF picture
picture-is-bmp = a BMP picture
picture-is-icon = a Windows icon
picture-is-pdf = a PDF document
picture-is-video = a video
picture-is-gzip = compressed (gzip, as .svgz is)
picture-is-lfs = a Git LFS pointer; fetch the real file, or if need be
picture-none = it is not a PNG, JPEG, GIF, WebP or SVG picture
picture-cut-off = the { $format } file is cut off
picture-damaged = the { $format } file is damaged: { $why }
picture-unsafe = the SVG file { $why }
svg-entities = declares entities
svg-attributes = has an element with more than { $n } attributes
svg-namespaces = declares too many namespaces
svg-deep = is nested too deeply
svg-sheet = loads a style sheet
svg-element = holds a <{ $name }> element
svg-handler = holds an event handler ({ $name })
svg-elsewhere = refers to another file or address
svg-animates = animates a link, a style or an event handler
svg-loads = loads files in its style
svg-escapes = has escapes in its style
front-none = has no front matter (a first line of +++ or ---)
front-unclosed = its front matter has no closing { $fence } line
front-large = its front matter is larger than { $n } KB
front-malformed = its front matter is not valid { $language }: { $why }
front-nested = it is nested too deeply
front-anchors = it has more than { $n } anchors (&name)
front-no-keys = it is { $why }, not keys with values
front-field = { $key } in its front matter { $why }
front-no-name = is a table without a name
front-not-text = is { $why }, not text
front-not-truth = is { $why }, not true or false
front-not-table = is { $why }, not a table
front-no-date = is “{ $date }”, which is no date such as 2023-02-11 or 2023-02-11T08:30:00Z
value-empty = empty
value-true = true
value-false = false
value-number = a number
value-text = text
value-list = a list
value-table = a table
# What of a text had no place in Markdown: names of elements are HTML's.
lost-place = link to #{ $place }: the text has no such place
lost-places = links within the text: there are too many
lost-text = the rest of the text: it is too long
lost-nesting = nesting: elements are nested too deeply
lost-element = { $name }
lost-element-of = { $name } of { $address }
lost-element-deep = { $name }: it is nested too deeply or too long
lost-address = { $name }: { $address }
lost-no-address = { $name } without an address
lost-link-stands = { $name } of { $address }: a link stands in its place
lost-link = link to { $address }
lost-link-in-link = link to { $address } in a link
lost-picture = picture { $picture }
lost-picture-no-address = picture without an address
lost-languages = the text in other languages: { $languages }
lost-form = form
lost-formula = formula: its words stand in its place
lost-countdown = counting down of a list
lost-block = block { $name }
lost-shortcode = shortcode [{ $name }]
lost-card = card { $card }
lost-card-words = card { $card }: its words stand in its place
done-import-dropped = Forgotten. What was sent has been removed.
error-import-nothing = Choose a file, or give a path.
error-import-path = Give the full path of a file or folder that is there on this machine, such as /home/mei/blog.xml.
error-import-media = Give the full path of a folder or a zip that is there on this machine, such as /home/mei/uploads.
error-import-busy = Another import is not over yet. Wait for it, or stop it.
error-import-past = That cannot be done any more: see how it stands now.
original = What the import could not keep
original-help = When this post was brought in, what is named here could not become part of its text. Its HTML as it was stands below: take over what you need. Nobody but those who write this post sees it.
original-dismiss = Remove the original
original-html = HTML as it was
done-dismissed = The original is removed.
