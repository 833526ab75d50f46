//! A WordPress export of any size: posts of some pages, each with comments in threads, the same in every run.

use std::io::{BufWriter, Write, stdout};

use crate::Result;

const SENTENCES: [&str; 4] = [
    "The rain came early, and the market had to move under the bridge.",
    "Nobody had told the cook that there would be forty of us.",
    "A <strong>good</strong> map is one that leaves things out &amp; says so.",
    "See <a href=\"https://old.example/2010/01/post-1/\">what was said before</a> about that.",
];
/// Each has so many comments.
const COMMENTS: u64 = 8;
/// Of a text.
const PARAGRAPHS: u64 = 30;

pub fn run(gigabytes: f64) -> Result<()> {
    let mut out = Counted { out: BufWriter::with_capacity(1 << 20, stdout().lock()), written: 0 };
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<rss version=\"2.0\" xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:wp=\"http://wordpress.org/export/1.2/\">\n<channel><title>Old</title><link>https://old.example</link>\
         <wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>\n\
         <wp:author><wp:author_login>mei</wp:author_login><wp:author_display_name>Mei Lin</wp:author_display_name></wp:author>\n"
    )?;
    let mut number = 0;
    while (out.written as f64) < gigabytes * 1e9 {
        number += 1;
        item(&mut out, number)?;
    }
    writeln!(out, "</channel></rss>")?;
    out.flush()?;
    Ok(())
}

fn item(out: &mut impl Write, number: u64) -> Result<()> {
    let (year, month, day) = (2000 + number % 20, 1 + number % 12, 1 + number % 28);
    write!(
        out,
        "<item><title>Post {number}</title><link>https://old.example/{year}/{month:02}/post-{number}/</link><dc:creator>mei</dc:creator>\
         <wp:post_id>{number}</wp:post_id><wp:post_date_gmt>{year}-{month:02}-{day:02} 10:00:00</wp:post_date_gmt>\
         <wp:post_name>post-{number}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\
         <wp:comment_status>open</wp:comment_status><category domain=\"post_tag\" nicename=\"tag-{tag}\">Tag {tag}</category>\
         <content:encoded><![CDATA[",
        tag = number % 200
    )?;
    for paragraph in 0..PARAGRAPHS {
        for sentence in 0..5 {
            write!(out, "{} ", SENTENCES[((number + paragraph * 3 + sentence) % 4) as usize])?;
        }
        write!(out, "\n\n")?;
    }
    writeln!(out, "]]></content:encoded>")?;
    for comment in 1..=COMMENTS {
        let id = number * COMMENTS + comment;
        let parent = if comment % 3 == 0 { id - 1 } else { 0 };
        writeln!(
            out,
            "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author>Reader {comment}</wp:comment_author>\
             <wp:comment_date_gmt>{year}-{month:02}-{day:02} 1{comment}:00:00</wp:comment_date_gmt>\
             <wp:comment_content><![CDATA[That is comment {id}. {}]]></wp:comment_content>\
             <wp:comment_approved>1</wp:comment_approved><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>",
            SENTENCES[(id % 4) as usize]
        )?;
    }
    writeln!(out, "</item>")?;
    Ok(())
}

/// Knows how much went out.
struct Counted<W> {
    out: W,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
