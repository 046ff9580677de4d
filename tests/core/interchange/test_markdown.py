from markdown_it import MarkdownIt

from core.interchange.markdown import escaped, fenced
from core.vocabulary import Problem


def test_escaped_text_is_text():
    assert escaped("a|b*_`<i>&") == "a\\|b\\*\\_\\`&lt;i\\>&amp;"


def test_a_prompt_cannot_end_its_own_fence():
    block = fenced("a\n```\n# not a heading\n````\nb")

    assert block.startswith("`````text\n")
    assert block.endswith("\n`````")


def test_a_table_has_a_line_for_each_row_and_numbers_stand_right(book, report):
    run = book()
    run.keep("p1", 100, 0, right=True)

    text = report(run)

    assert "| m | 100 | 1 | 100.0 % |" in text
    assert "| --- | ---: | ---: |" in text


def test_a_reader_of_markdown_finds_no_markup_in_foreign_text(book, report):
    mean = "<script>1</script> ![x](http://evil) [y](http://evil) `a` **b** | ~~c~~ # d <http://evil> &lt;"
    run = book(problems=(Problem(mean, mean, "1"),), labels=(mean,), name="# x *y*")
    run.keep(mean, 100, 0, label=mean, right=True)
    run.fail(mean, 100, 1, mean, label=mean)

    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(report(run))

    within = {child.type for token in tokens for child in token.children or ()}
    assert "html_block" not in {token.type for token in tokens}
    assert not within & {"html_inline", "image", "link_open", "em_open", "code_inline", "s_open"}
    (title,) = [
        tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"
    ]
    assert title == "\\# x \\*y\\*"
