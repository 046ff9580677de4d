import io
import re
from html.parser import HTMLParser

import pytest

from core.interchange.blocks import Code, Heading, Paragraph, Picture
from core.interchange.html import write_html
from core.vocabulary import Problem

OURS = {
    "a", "body", "br", "caption", "div", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "head", "html", "li",
    "main", "meta", "nav", "p", "pre", "strong", "style", "table", "tbody", "td", "th", "thead", "title", "tr", "ul",
}  # fmt: skip
EMPTY = {"br", "meta"}


class Page(HTMLParser):
    """The tags, attributes and words of a page; complains where tags do not close in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.words, self.open = set(), [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def written(*blocks):
    file = io.StringIO()
    write_html(file, blocks)
    return file.getvalue()


def test_a_report_is_one_whole_page(book, report):
    run = book()
    run.keep("p1", 100, 0, right=True)

    page = Page(report(run, form="html"))

    assert page.open == []
    assert page.tags <= OURS
    assert "100.0 %" in page.words
    assert "SIMULATED" in page.words


def test_a_page_fetches_and_runs_nothing(book, report):
    text = report(book(), form="html")

    assert "default-src 'none'" in text
    assert not re.search(r"(src|href)=.?(https?:|//)|@import|url\(|<script|<link", text)


@pytest.mark.parametrize(
    "mean", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</pre></main><h1>", "&lt;b&gt;"]
)
def test_foreign_text_is_text_and_no_tag(book, report, mean):
    run = book(problems=(Problem(mean, mean, "1"),), labels=(mean,), name="x")
    run.keep(mean, 100, 0, label=mean, right=True)
    run.fail(mean, 100, 1, mean, label=mean)

    page = Page(report(run, form="html"))

    assert page.tags <= OURS
    assert {name for name, _ in page.attributes} <= {
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "id",
        "class",
        "href",
        "scope",
    }
    assert mean in page.words


def test_the_sections_are_listed_below_what_must_not_be_missed():
    text = written(Heading(1, "t"), Paragraph("so it is", "loud", "SIMULATED"), Heading(2, "One"), Heading(2, "Two"))

    assert text.index("SIMULATED") < text.index("<nav>") < text.index("<h2")
    assert re.findall(r'<a href="#(\w+)">(One|Two)</a>', text) == [("s2", "One"), ("s3", "Two")]
    assert '<h2 id="s2">One</h2>' in text


def test_a_figure_stands_in_the_page_without_its_head_and_comments():
    svg = '<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg width="1"><!-- a name from outside --><path d="M0 0"/></svg>\n'

    text = written(Heading(1, "t"), Picture("accuracy", "A <b>title", svg, ("a note",)))

    assert '<div class="sheet"><svg width="1"><path d="M0 0"/></svg></div>' in text
    assert "<strong>A &lt;b&gt;title</strong><br>a note" in text
    assert "outside" not in text


def test_a_prompt_cannot_end_its_own_block():
    text = written(Heading(1, "t"), Code("a\n</pre><script>1</script>\x1b", "User message"))

    assert "<pre>a\n&lt;/pre&gt;&lt;script&gt;1&lt;/script&gt;\N{SYMBOL FOR ESCAPE}</pre>" in text
