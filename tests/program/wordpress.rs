//! A WordPress blog that is brought in by a program that is killed again and again, and whose old addresses are asked for.

use std::{
    fmt::Write,
    fs,
    io::{BufRead, BufReader, Read},
    os::unix::process::ExitStatusExt,
    path::Path,
    process::Stdio,
};

use crate::program::{
    import::blog,
    support::{Running, Server, ask, block_on, count, finish, folder, laman, until},
};

const POSTS: i64 = 270;
/// The program is killed so often.
const KILLS: i64 = 10;
const COUNT: &str = "SELECT count(*) FROM post";

/// An export whose comments answer ones that come later, and whose posts show a picture each. A post is worth a warning of
/// 1,300 bytes. Nobody reads those of new posts, so that no run gets further than 48 posts: the system keeps 16 pages of them, and then the
/// program waits to be killed. By then a transaction with the comments of up to 25 posts is on disk, and the second to come is not.
fn export(folder: &Path) {
    let code = |number: u8| {
        let (first, second) = (char::from(b'a' + number / 26), char::from(b'a' + number % 26));
        format!("[{}{first}{second} x=\"1\"]", "o".repeat(36))
    };
    let lost: String = (0..24).map(code).collect();
    fs::create_dir(folder.join("up")).expect("a folder");
    let mut xml = "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Old</title><link>https://old.example</link>\
         <wp:wxr_version>1.2</wp:wxr_version>"
        .to_owned();
    for number in 1..=POSTS {
        let picture = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{number}\" height=\"2\" viewBox=\"0 0 3 2\"><path d=\"M0 0h3v2z\"/></svg>"
        );
        fs::write(folder.join(format!("up/{number}.svg")), picture).expect("a file");
        write!(
            xml,
            "<item><title>Post {number}</title><link>https://old.example/archives/{number}/</link><wp:post_id>{number}</wp:post_id>\
             <wp:post_date_gmt>2020-01-05 10:00:00</wp:post_date_gmt><wp:post_name>same</wp:post_name>\
             <wp:status>publish</wp:status><wp:post_type>post</wp:post_type><content:encoded><![CDATA[Words {lost}\n\n\
             <img src=\"https://old.example/up/{number}.svg\" alt=\"A\">]]></content:encoded>"
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
             UNION ALL SELECT 'original ' || html FROM import_original \
             UNION ALL SELECT 'picture ' || address || ' ' || import_picture.hash || ' ' || name FROM import_picture \
             JOIN media ON media.hash = import_picture.hash \
             UNION ALL SELECT 'file ' || hash || ' ' || count(media_part.file) FROM media \
             LEFT JOIN media_part ON media_part.file = hash GROUP BY hash \
             UNION ALL SELECT 'address ' || path FROM import_address ORDER BY 1",
        )
        .fetch_all(&mut database)
        .await
        .expect("rows")
    })
}

#[test]
fn an_import_that_is_killed_at_ten_moments_gives_the_same_blog_and_every_old_address_answers() {
    const IMPORT: [&str; 4] = ["import", "old.xml", "--media", "up"];
    let (whole, killed) = (folder(), folder());
    for folder in [&whole, &killed] {
        blog(folder.path());
        export(folder.path());
    }
    finish(laman(whole.path(), &IMPORT), "").printed();

    let database = killed.path().join("laman.db");
    for kill in 1..=KILLS {
        // After a picture, before its post is there; after a few posts; after their comments.
        let (what, more) = match kill % 3 {
            0 => (COUNT, 1),
            1 => ("SELECT count(*) FROM import_picture", 5),
            _ => ("SELECT count(*) FROM comment", 1),
        };
        let enough = count(&database, what) + more;
        let known = usize::try_from(count(&database, COUNT)).expect("few");
        let mut command = laman(killed.path(), &IMPORT);
        let mut running =
            Running(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts"));
        // What was told of those that came before is told again.
        let mut told = BufReader::new(running.0.stderr.take().expect("a pipe"));
        assert_eq!(told.by_ref().lines().take(known).map_while(Result::ok).count(), known);
        until("a part is imported", || ask(&database, what).is_ok_and(|count| count >= enough));
        running.signal("KILL");
        let status = running.wait();
        assert_eq!(status.signal(), Some(9), "{status}");
        assert!(count(&database, COUNT) < POSTS);
    }
    assert!(count(&database, COUNT) > POSTS / 4);
    finish(laman(killed.path(), &IMPORT), "").printed();
    assert_eq!(count(&database, COUNT), POSTS);
    let same = |folder: &Path| {
        let rows = blog_of(&folder.join("laman.db"));
        assert!(rows.len() > 10 * usize::try_from(POSTS).expect("small"), "{}", rows.len());
        rows
    };
    assert_eq!(same(killed.path()), same(whole.path()));

    let server = Server::start(killed.path());
    let ended = finish(laman(killed.path(), &["import", "--check", &server.url("/")]), "");
    assert!(ended.printed().contains(", 0 lead nowhere"), "{}", ended.out);
}
