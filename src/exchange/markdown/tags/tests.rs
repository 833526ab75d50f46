//! What becomes of tags, and what hostile ones do not do.

use proptest::prelude::*;

use super::*;

fn lead(wanted: Wanted<'_>) -> Option<String> {
    match wanted {
        Wanted::Post("2020-01-05-tea") => Some("/2020/01/05/tea.html".into()),
        Wanted::File(path) if path.ends_with("a.pdf") => Some(format!("/{path}")),
        Wanted::Text(path, _) if !path.contains("gone") => Some(format!("/posts/{}", path.replace(".md", ""))),
        _ => None,
    }
}

fn of(body: &str) -> String {
    turned(body, Kind::Markdown, &lead).body
}

#[test]
fn jekylls_tags_become_markdown() {
    for (tags, markdown) in [
        ("{% highlight ruby linenos %}\nputs `a`\n\n  x\n{% endhighlight %}\n", "```ruby\nputs `a`\n\n  x\n```\n"),
        ("{%- highlight text -%}\n```\nx\n```\n{%- endhighlight -%}", "````text\n```\nx\n```\n````"),
        ("- a\n\n  {% highlight c %}\n  x;\n  {% endhighlight %}\n", "- a\n\n  ```c\n  x;\n  ```\n"),
        ("> {% highlight c %}\n> x;\n> {% endhighlight %}\n", "> ```c\n> x;\n> ```\n"),
        ("a {% raw %}{{ x }} {% y %}{% endraw %} b", "a {{ x }} {% y %} b"),
        ("a{% comment %} not {{ this }} {% endcomment %} b", "a b"),
        (
            "[t]({% post_url 2020-01-05-tea %}) [p]({{ site.baseurl }}{% link a.pdf %})",
            "[t](/2020/01/05/tea.html) [p](/a.pdf)",
        ),
        ("![x]({{ site.url }}{{ site.baseurl }}/a.png) [home]({{ site.url }})", "![x](/a.png) [home](/)"),
        (
            "[a]({{ \"/a b/\" | relative_url }}) [b]({{ 'b' | prepend: site.baseurl | absolute_url }})",
            "[a](/a%20b/) [b](/b)",
        ),
        ("# A\n{: .big #x}\n\n*b*{: .c} [d](e){:target=\"_blank\" rel='x y'}\n", "# A {#x}\n\n*b* [d](e)\n"),
        ("a\n{: .big}\nb\n", "a\n\nb\n"),
        ("x\n\n* TOC\n{:toc}\n\ny", "x\n\n\ny"),
        ("a {::comment} b {:/comment}c {::nomarkdown}<b>d</b>{:/}{::options x=\"y\" /}", "a c <b>d</b>"),
        ("## A {: #x}\n## B\n{.big}\n", "## A {#x}\n## B\n"),
        ("{% gist ann/5bac2d7f %}", "<https://gist.github.com/ann/5bac2d7f>"),
        ("{% include figure image_path=\"/a.png\" alt=\"An a\" %}", "![An a](/a.png)"),
        (
            "{% include video id=\"w7Ft2ymGmfc\" provider=\"youtube\" %}",
            "<https://www.youtube.com/watch?v=w7Ft2ymGmfc>",
        ),
        ("{% image \"./a.png\", \"An a\" %}", "![An a](./a.png)"),
    ] {
        assert_eq!(of(tags), markdown, "{tags}");
    }
}

#[test]
fn hugos_and_zolas_tags_become_markdown() {
    let youtube = "<https://www.youtube.com/watch?v=w7Ft2ymGmfc>";
    for (tags, markdown) in [
        ("a\n{{< figure src=\"x.png\" alt=\"An x\" >}}\nb", "a\n\n![An x](x.png)\n\nb"),
        (
            "{{< figure\n  src=\"x.png\" title=\"Tea\" caption=\"A **hot** cup\" attr=\"Siti\" link=\"/t\" >}}",
            "[![](x.png \"Tea. A hot cup | Siti\")](/t)",
        ),
        ("1. {{% figure src=x.png %}}\n2. b", "1. ![](x.png)\n\n2. b"),
        ("{{< youtube w7Ft2ymGmfc >}}", youtube),
        ("Look: {{< youtube id=\"w7Ft2ymGmfc\" autoplay=\"true\" />}} Well.", &format!("Look: \n\n{youtube}\n\nWell.")),
        ("{{% vimeo 146022717 %}}\n", "<https://vimeo.com/146022717>\n"),
        ("[a]({{< ref \"a.md\" >}}) [b]({{% relref path=\"b.md#c\" lang=\"en\" %}})", "[a](/posts/a) [b](/posts/b#c)"),
        ("{{< highlight go \"linenos=table\" >}}\nx := 1\n{{< /highlight >}}", "```go\nx := 1\n```"),
        ("{{% highlight html %}}<b>{{% / highlight %}}", "```html\n<b>\n```"),
        ("{{</* youtube x */>}}", "{{< youtube x >}}"),
        ("{{ youtube(id=\"w7Ft2ymGmfc\", autoplay=true) }}", youtube),
        ("{{ image(src=\"a b.png\", alt='It\\'s') }}", "![It's](a%20b.png)"),
        ("{{/* youtube(id=1) */}} {%/* quote() */%}", "{{ youtube(id=1) }} {% quote() %}"),
        ("{{< gist ann 5bac2d7f >}}", "<https://gist.github.com/ann/5bac2d7f>"),
        ("{{< tweet user=\"ann\" id=\"123\" >}}", "<https://twitter.com/ann/status/123>"),
        (
            "{{% notice tip %}}\nA **b**\n{{% /notice %}}\n{{< rawhtml >}}<b>c</b>{{< / rawhtml >}}",
            "\nA **b**\n\n<b>c</b>",
        ),
        ("`{{</* ref */>}}`", "`{{< ref >}}`"),
    ] {
        assert_eq!(of(tags), markdown, "{tags}");
    }
}

#[test]
fn code_stays_as_it_is() {
    for code in [
        "```\n{{< youtube w7Ft2ymGmfc >}}\n{% raw %}\n```\n",
        "~~~~ liquid\n{% comment %}\n~~~\n{% endcomment %}\n~~~~\n",
        "- ```\n  {{ site.url }}\n\n  x\n  ```\n",
        "`{{ site.url }}` ``a ` {% raw %}``",
        "a\n\n    {{ site.url }}\n    {:.x}\n\nb",
        "a {:keyword 1} {: x} {:.}\n",
    ] {
        assert_eq!(turned(code, Kind::Markdown, &lead), Turned { body: code.to_owned(), left: vec![] }, "{code}");
    }
    let jekyll = |body| turned(body, Kind::Jekyll, &lead).body;
    assert_eq!(jekyll("`{% raw %}{{ x }}{% endraw %}`"), "`{{ x }}`");
    assert_eq!(jekyll("```\n{% raw %}\n{{ x }}\n{% endraw %}\n```\n"), "```\n{{ x }}\n```\n");
}

#[test]
fn what_stays_is_named_once() {
    let left = |body| turned(body, Kind::Markdown, &lead).left;
    assert_eq!(
        left(
            "{% include youtube.html id=\"x\" %} {% gist 1 %} {% gist 2 %} {% if a %} {% endif %} {{ page.title | x }} \
             {{< tweet 1 >}} {{< x >}}{{< /x >}} {{< youtube >}} [a]({{< ref \"gone.md\" >}}) {% post_url no %} {{ f(a=1) }}"
        ),
        [
            "{% include youtube.html %}",
            "{% gist %}",
            "{% if %}",
            "{{ page.title }}",
            "{{< tweet >}}",
            "{{< x >}}",
            "{{< youtube >}}",
            "{{< ref >}}",
            "{% post_url %}",
            "{{ f }}"
        ]
    );
}

#[test]
fn html_keeps_its_form() {
    let html = "<a href=\"{{ site.url }}/x\">`{{ site.baseurl }}/y`</a>{% highlight c %}\na < b\n{% endhighlight %}";
    assert_eq!(
        turned(html, Kind::Html, &lead).body,
        "<a href=\"/x\">`/y`</a><pre><code class=\"language-c\">a &lt; b</code></pre>"
    );
}

#[test]
fn a_text_of_nothing_but_tags_is_read_in_little_time() {
    let start = std::time::Instant::now();
    for part in [
        "{%",
        "{{",
        "{{<",
        "{% highlight x %}",
        "{{< highlight x >}}",
        "{% raw %}",
        "` `` ",
        "{{< ref ",
        "{:.",
        "{% a {% endraw",
        "a\n{: #a} (#a\n",
        "# a\n{: #a}\n",
        "{::comment}",
        "{{< note >}}",
        "{.a #b}\n",
    ] {
        of(&part.repeat(100_000));
    }
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn no_text_panics_and_text_without_tags_stays(
        text in "(?s).{0,100}",
        body in "(\\{%|%\\}|\\{\\{<?|>?\\}\\}|\\{:|raw|endraw|highlight|/| |\n|figure|src=|x|\"|'|`|\\.|>|é|- |toc\\}){0,40}",
    ) {
        if !text.contains('{') {
            prop_assert_eq!(of(&text), text);
        }
        for kind in [Kind::Markdown, Kind::Jekyll, Kind::Html] {
            turned(&body, kind, &lead);
        }
    }
}
