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
            "```html4strict\n<div>a</div>\n<b>two</b>\n```",
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
