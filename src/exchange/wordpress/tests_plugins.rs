//! What plugins put into WordPress's texts.

use super::tests::{come_over, text};

#[test]
fn code_that_a_plugin_drew_is_as_it_was_typed() {
    for (kept, expected) in [
        (
            "<pre lang=\"c\">\n#include <stdio.h>\nif (a<b && c>d) return vec<int>(3);\n\nx[code];\n</pre>",
            "```c\n#include <stdio.h>\nif (a<b && c>d) return vec<int>(3);\n\nx[code];\n```",
        ),
        (
            "<pre lang=\"html4strict\" line=\"1\"><div>a</div>\n<b>two</b></pre>",
            "```html\n<div>a</div>\n<b>two</b>\n```",
        ),
        (
            "<pre class=\"brush: xml; title: x\">\n<name>x</name><!-- y -->\n</pre>",
            "```xml\n<name>x</name><!-- y -->\n```",
        ),
        ("<pre class=\"brush: php\">a &lt; b<br />c &amp;&amp; d</pre>", "```php\na < b\nc && d\n```"),
        ("<pre lang=\"c\">if (a<b && c>d)</pre>", "```c\nif (a<b && c>d)\n```"),
        ("<pre lang=\"c\">a<br />b <strong>c</strong></pre>", "```c\na\nb c\n```"),
        ("So <code lang=\"bash\">echo <file> | grep x</code>.", "So `echo <file> | grep x`."),
        ("<code lang=\"c\">\na<b;\nc</code>", "```c\na<b;\nc\n```"),
        ("<pre><code lang=\"c\" class=\"language-c\">a<x>\nb</code></pre>", "```c\na<x>\nb\n```"),
        ("[cc lang=\"php\"]<?php echo \"<b>x</b>\"; ?>[/cc]", "```php\n<?php echo \"<b>x</b>\"; ?>\n```"),
    ] {
        assert_eq!(come_over(&text(kept), ""), (expected.to_owned(), Vec::new()), "{kept}");
    }
}

#[test]
fn what_was_an_element_in_other_code_is_named() {
    let told = |kept: &str| come_over(&text(kept), "").1;
    assert_eq!(told("<pre>#include <stdio.h> <b>x</b></pre>"), ["stdio.h"]);
    assert_eq!(told("a <code>Vec<u8></code>"), ["u8"]);
    assert_eq!(told("<pre>a <span>b</span><br>c</pre>"), Vec::<String>::new());
}

#[test]
fn a_shortcode_that_stands_alone_is_named_and_what_only_places_or_lists_goes() {
    for (kept, expected, named) in [
        ("[toc]\n\na", "a", vec!["toc"]),
        ("a\n\n[slideshow]\n\n[products]", "a\n\n\\[slideshow\\]\n\n\\[products\\]", vec!["slideshow", "products"]),
        ("<p>[recipe]</p>", "\\[recipe\\]", vec!["recipe"]),
        ("[contact-form-7 404 \"Not Found\"]", "\\[contact-form-7 404 \"Not Found\"\\]", vec!["contact-form-7"]),
        (
            "[wpvideo abc123XY]",
            "[https://videopress.com/v/abc123XY](https://videopress.com/v/abc123XY)",
            vec!["wpvideo"],
        ),
        ("a\n\n[hr] [br] [spacer]\n\nb", "a\n\n---\n\nb", vec![]),
        ("a [hr] b, [spacer]", "a \\[hr\\] b, \\[spacer\\]", vec![]),
        (
            "[to be continued]\n\n[Update]\n\n[1]\n\n[ok]",
            "\\[to be continued\\]\n\n\\[Update\\]\n\n\\[1\\]\n\n\\[ok\\]",
            vec![],
        ),
        ("<pre>\n[toc]\n</pre>", "```\n[toc]\n```", vec![]),
    ] {
        let named: Vec<String> = named.iter().map(|name| format!("shortcode [{name}]")).collect();
        assert_eq!(come_over(&text(kept), ""), (expected.to_owned(), named), "{kept}");
    }
}

#[test]
fn pictures_films_links_and_words_of_page_builders_come_out_of_their_attributes() {
    let picture = super::tests::item(
        501,
        "<wp:post_type>attachment</wp:post_type><wp:attachment_url>https://old.example/b.jpg</wp:attachment_url>\
         <wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>B</wp:meta_value></wp:postmeta>",
    );
    for (kept, expected, named) in [
        ("[et_pb_section][et_pb_image src=\"/a.jpg\" alt=\"An a\" /][/et_pb_section]", "![An a](/a.jpg)", vec![]),
        (
            "[et_pb_blurb title=\"A %22b%22\" image=\"/a.jpg\" use_icon=\"off\"]<p>Text</p>[/et_pb_blurb]",
            "### A \"b\"\n\n![](/a.jpg)\n\nText",
            vec![],
        ),
        (
            "x[et_pb_button button_text=\"Go\" button_url=\"https://x.example\" /]y",
            "x\n\n[Go](https://x.example)\n\ny",
            vec![],
        ),
        ("[vc_single_image image=\"501\" img_size=\"full\"]", "![B](https://old.example/b.jpg)", vec![]),
        ("[vc_gallery images=\"501\"]", "![B](https://old.example/b.jpg)", vec![]),
        (
            "[vc_video link=\"https://youtu.be/dQw4w9WgXcQ\"]",
            "[https://youtu.be/dQw4w9WgXcQ](https://youtu.be/dQw4w9WgXcQ)",
            vec![],
        ),
        (
            "[vc_btn title=\"T\" link=\"url:https%3A%2F%2Fx.example%2F|target:_blank\"]",
            "[T](https://x.example/)",
            vec![],
        ),
        ("[vc_custom_heading text=\"H & h\" font_container=\"tag:h2\"]", "### H & h", vec![]),
        ("[fusion_button link=\"/go\"]Go on[/fusion_button]", "[Go on](/go)", vec![]),
        ("[fusion_imageframe]<img src=\"/a.jpg\">[/fusion_imageframe]", "![](/a.jpg)", vec![]),
        (
            "[fusion_imageframe x=\"1\"]https://x.example/a.jpg[/fusion_imageframe]",
            "![](https://x.example/a.jpg)",
            vec![],
        ),
        ("a[vc_raw_html]JTNDcCUzRQ==[/vc_raw_html][vc_wp_posts number=\"5\"]", "a", vec!["vc_raw_html", "vc_wp_posts"]),
    ] {
        let named: Vec<String> = named.iter().map(|name| format!("shortcode [{name}]")).collect();
        assert_eq!(come_over(&text(kept), &picture), (expected.to_owned(), named), "{kept}");
    }
}

#[test]
fn of_a_text_in_several_languages_the_blogs_own_comes_and_the_others_are_named() {
    for kept in ["[:de]Deutsch [toc][:ms]Melayu[:]", "<!--:de-->Deutsch<!--:--><!--:ms-->Melayu<!--:-->"] {
        assert_eq!(
            come_over(&text(kept), ""),
            ("Melayu".to_owned(), vec!["the text in other languages: de".to_owned()])
        );
    }
    let titled = |title: &str| {
        let post = super::tests::item(3, super::tests::LIVE).replace("Post 3", title);
        super::tests::entries(&super::tests::good(&post))[0].title.clone()
    };
    assert_eq!(titled("[:de]Titel[:ms]Tajuk[:]"), "Tajuk");
    assert_eq!(titled("Sprachen [:]"), "Sprachen [:]");
}

#[test]
fn a_gist_is_linked_however_it_is_written() {
    let link = |address: &str| (format!("[{address}]({address})"), Vec::new());
    assert_eq!(come_over(&text("[gist]https://gist.github.com/a/1[/gist]"), ""), link("https://gist.github.com/a/1"));
    assert_eq!(come_over(&text("[gist id=\"ab12\"]"), ""), link("https://gist.github.com/ab12"));
}
