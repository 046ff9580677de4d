"""Endings as models write them, and what an honest reader makes of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.grading import GradingSpec, check_truth, grader
from core.vocabulary import Verdict

INTEGER = GradingSpec("integer")

READ = [
    # Boxes
    (r"Thus the number of ways is $\boxed{204}$.", "204"),
    (r"\[\boxed{73}\]", "73"),
    ("**Final Answer**\n\n\\[\n\\boxed{073}\n\\]", "73"),
    ("The final answer is:\n\n$$\n\\boxed{  25 }\n$$", "25"),
    (r"Therefore, $m + n = 100 + 104 = \boxed{204}$", "204"),
    (r"Hence \(\boxed{m+n = 204}\).", "204"),
    (r"\boxed{\text{204}}", "204"),
    (r"\boxed{\mathbf{204}}", "204"),
    (r"\boxed{\textbf{(204)}}", "204"),
    (r"\boxed{\,204\,}", "204"),
    (r"\boxed{{204}}", "204"),
    (r"\boxed{\boxed{204}}", "204"),
    (r"\fbox{204}", "204"),
    (r"$\boxed 7$", "7"),
    (r"\boxed204", "204"),
    ("boxed{204}", "204"),
    ("\boxed{204}", "204"),
    (r"\boxed{204 \text{ ways}}", "204"),
    (r"\boxed{60^\circ}", "60"),
    (r"\boxed{60^{\circ}}", "60"),
    (r"\boxed{25\%}", "25"),
    (r"\boxed{12 \text{ cm}^2}", "12"),
    (r"\boxed{\$15}", "15"),
    (r"\boxed{\frac{408}{2}}", "204"),
    (r"\boxed{\dfrac{408}{2}}", "204"),
    (r"\boxed{408/2}", "204"),
    (r"\boxed{204.0}", "204"),
    (r"\boxed{000}", "0"),
    (r"\boxed{-0}", "0"),
    (r"\boxed{+42}", "42"),
    (r"\boxed{204 = 12 \cdot 17}", "204"),
    (r"\boxed{2^2 \cdot 51 = 204}", "204"),
    (r"\boxed{204 \pmod{1000}}", "204"),
    (r"\boxed{N \equiv 204 \pmod{1000}}", "204"),
    (r"\boxed{204_{10}}", "204"),
    (r"\boxed{204}$. I hope it is correct.", "204"),
    (r"Put the answer in \boxed{}. So: \boxed{204}", "204"),
    (r"\boxed{204} as asked, in \boxed{} form", "204"),
    (r"The answer \boxed{204}. (Recall: write \boxed{answer}.)", "204"),
    ("\\boxed{204}\n\n**Check:** with **5** steps we get **7**.", "204"),
    ("\\boxed{\uff12\uff10\uff14}", "204"),
    ("\\boxed{\u0662\u0660\u0664}", "204"),
    # A model that corrects itself is taken at its last word
    (r"So \boxed{12} ... wait, I forgot a case ... so \boxed{15}", "15"),
    ("The answer is \\boxed{12}.\n\nActually, that is off by one. The answer is \\boxed{13}.", "13"),
    ("**Answer: 12**\n\nHold on, the case n=0 counts too.\n\n**Answer: 13**", "13"),
    ("\\boxed{12}\n\nHmm, let me recheck.\nThe final answer is 15.", "15"),
    (r"$m=\boxed{3}$, so $m+n = \boxed{8}$", "8"),
    (r"\boxed{3} " + "and on and on " * 30 + r"\boxed{8}", "8"),
    # Stated
    ("Final Answer: 204", "204"),
    ("The final answer is 204.", "204"),
    ("**Answer:** 204", "204"),
    ("**Answer: 204**", "204"),
    ("**Answer**: $204$", "204"),
    ("Answer: **204**", "204"),
    ("ANSWER: 204", "204"),
    ("answer = 204", "204"),
    ("Answer \u2014 204", "204"),
    ("### Final Answer\n204", "204"),
    ("## Answer\n\n**204**", "204"),
    ("**Final Answer:**\n\\[\n204\n\\]", "204"),
    ("**Final Answer**\n\n$m + n = 204$", "204"),
    ("So the answer is $m+n = 25+8 = \\mathbf{33}$.", "33"),
    ("Thus, the answer is therefore $2 \\cdot 102 = 204$.", "204"),
    ("The answer to the problem is 204.", "204"),
    ("The correct answer is: 204, since each pair is counted once.", "204"),
    ("The answer is 12, as f(3) = 5.", "12"),
    ("The answer is 204 because 12*17 = 204", "204"),
    ("The answer is 204 square units.", "204"),
    ("the answer should be 204", "204"),
    ("Therefore the final result is 204.", "204"),
    ("Answer: The number of ways is 204.", "204"),
    ("Answer: `204`", "204"),
    ("> **Answer:** 204", "204"),
    ("\u7b54\u6848\u662f 204\u3002", "204"),
    ("\u6700\u7ec8\u7b54\u6848\uff1a204", "204"),
    ("\u041e\u0442\u0432\u0435\u0442: 204", "204"),
    ("R\u00e9ponse finale : 204", "204"),
    ("The answer is not 12 but larger.\n\nThe answer is 15.", "15"),
    ("Is the answer 12? No.\n\nAnswer: 15", "15"),
    # Tags
    ("<answer>204</answer>", "204"),
    ("<think>12 or 13?</think>\n<answer> $204$ </answer>", "204"),
    ("Reply inside <answer></answer>.\n<answer>204</answer>", "204"),
    ("<answer>204", "204"),
    (r"<answer>\boxed{204}</answer>", "204"),
    # Bold and last lines
    ("After counting all cases we get:\n\n**204**", "204"),
    ("Thus there are **204** ways.", "204"),
    ("Thus $m+n = $ **204**.", "204"),
    ("there are **12** red and **15** blue, so **27** in all.", "27"),
    ("204", "204"),
    ("  204.\n", "204"),
    ("$204$", "204"),
    ("m + n = 204", "204"),
    ("First we count the pairs.\nThen we add.\n\n204", "204"),
    ("We add them up:\n\\[\n204\n\\]\n", "204"),
    ("work\n#### 204", "204"),
    ("work\n\n204 ways", "204"),
    ("We conclude:\n\n**204**\n\nLet me know if you would like another way.", "204"),
    ("Answer: 204</s>", "204"),
    ("204<|im_end|>\n", "204"),
    ("Answer: [204]", "204"),
    ("The answer is (204).", "204"),
    (r"\boxed{\textbf{(B)}\ 204}", "204"),
    (r"\boxed{\textcolor{red}{204}}", "204"),
    ("**Answer:**\n204. This is since each of them counts once.", "204"),
    ("Final Answer 204", "204"),
    # Thought is no answer
    ("<think>\nSo the answer is 12. Wait. \\boxed{12}?\n</think>\n\nThe answer is **204**.", "204"),
    ("<think>so it must be \\boxed{204}", "204"),
    ("<think>so it must be \\boxed{204}</think>", "204"),
]

UNREAD = [
    ("", "empty"),
    ("   \n\t", "empty"),
    ("I can't determine the answer from what is given.", "no marked answer"),
    ("Answer: cannot be determined", "declined: cannot be determined"),
    ("I'm sorry, I can't help with 12 of these.", "no marked answer"),
    # Cut off
    ("Let me count. There are 12 ways for the first and 17 for the", "no marked answer"),
    ("First, f(3) = 5. Then we have 2x = 20", "no marked answer"),
    ("Let n be the count.\nThen 12 + 5 = 17", "no marked answer"),
    ("Let n be the count.\nSo 12", "no marked answer"),
    ("1. First we look at 5.\n2. Then at 7.\n3.", "no marked answer"),
    ("**1.** First we look.\n\n**2.**", "no marked answer"),
    ("Thus the answer is $\\boxed{20", "no marked answer"),
    (r"\boxed{", "no marked answer"),
    ("<think>\nSo the answer is 12. But wait", "cut off while thinking"),
    ("Wait.\nThen\n2x = 20", "no marked answer"),
    ("If the answer is 12, then n = 3, which", "no marked answer"),
    ("So maybe the answer is 12? Let me check with n =", "no marked answer"),
    ("The answer must be an integer between 0 and 999, so we", "no marked answer"),
    ("There are 204 ways.", "no marked answer"),
    ("We get **12** for the first, and for the second", "no marked answer"),
    ("The smallest is **5**.\n\nI am not sure; let me look at", "no marked answer"),
    ("Cases:\n- **12**\n- **13**\n- so the", "no marked answer"),
    ("**Answer:**\n\n1. First we do", "no marked answer"),
    ("The answer is 204 mod 7", "cannot read: 204 mod 7"),
    ("The answer is 5 million.", "cannot read: 5 million"),
    ("The answer is 12 if n is odd", "cannot read: 12 if n is odd"),
    # Several
    (r"either \boxed{3} or \boxed{5}", "several answers: 3 and 5"),
    ("\\[\\boxed{3}\\]\nor\n\\[\\boxed{5}\\]", "several answers: 3 and 5"),
    (r"$x = \boxed{3}$ and $y = \boxed{5}$", "several answers: 3 and 5"),
    (r"\boxed{3}, \boxed{5}", "several answers: 3 and 5"),
    ("The answer is 12 or 13.", "several answers: 12 or 13"),
    ("The answer is 12 or the answer is 13.", "several answers: 12 or the"),
    ("Answer: 12, 13", "several answers: 12, 13"),
    (r"\boxed{12 \text{ or } 13}", "several answers: 12 or 13"),
    (r"\boxed{x = 3, y = 5}", "several answers: x = 3, y = 5"),
    ("It is **12** or **13**.", "several answers: 12 and 13"),
    # Not a plain integer
    (r"\boxed{\frac{25}{2}}", "not an integer: (25/2)"),
    (r"\boxed{3\frac{1}{2}}", "cannot read: 3(1/2)"),
    (r"\boxed{12.5}", "not an integer: 12.5"),
    (r"\boxed{7/0}", "not an integer: 7/0"),
    (r"\boxed{2^{10}}", "cannot read: 2^ 10"),
    (r"\boxed{10²}", "cannot read: 10²"),
    (r"\boxed{3\sqrt{2}}", r"cannot read: 3\sqrt 2"),
    (r"\boxed{2\pi}", r"cannot read: 2\pi"),
    (r"\boxed{3x}", "cannot read: 3x"),
    (r"\boxed{5!}", "cannot read: 5!"),
    (r"\boxed{3 + 4}", "cannot read: 3 + 4"),
    (r"\boxed{\pm 5}", r"cannot read: \pm 5"),
    (r"\boxed{(3, 5)}", "several answers: (3, 5)"),
    (r"\boxed{321_9}", "cannot read: 321_9"),
    (r"\boxed{\text{None}}", "cannot read: None"),
    (r"\boxed{12} no, wait: \boxed{\frac{25}{2}}", "not an integer: (25/2)"),
    # Out of range: no vote for a number that no problem of the set can have
    (r"\boxed{1234}", "out of range: 1234"),
    (r"\boxed{1{,}024}", "out of range: 1024"),
    (r"\boxed{1\,024}", "out of range: 1024"),
    (r"\boxed{\text{1,024}}", "out of range: 1024"),
    ("The answer is 1,024.", "out of range: 1024"),
    ("answer: \u22125", "out of range: -5"),
    (r"\boxed{-5}", "out of range: -5"),
]


@pytest.mark.parametrize(("text", "answer"), READ)
def test_an_ending_is_read_as_a_person_would_read_it(text: str, answer: str) -> None:
    grade = grader(INTEGER).grade(text, answer)

    assert (grade.answer, grade.verdict, grade.note) == (answer, Verdict.RIGHT, "")


@pytest.mark.parametrize(("text", "note"), UNREAD)
def test_an_ending_that_a_person_would_not_read_is_no_answer_and_says_why(text: str, note: str) -> None:
    grade = grader(INTEGER).grade(text, "12")

    assert (grade.answer, grade.verdict, grade.note) == (None, Verdict.NO_ANSWER, note)


def test_another_integer_is_wrong() -> None:
    assert grader(INTEGER).grade(r"\boxed{12}", "13").verdict is Verdict.WRONG


@pytest.mark.parametrize("truth", ["73", "073", " 73 ", "$73$", r"\boxed{73}", "work #### 73", "73.0"])
def test_spellings_of_a_truth_are_the_same_integer(truth: str) -> None:
    assert check_truth(INTEGER, truth) is None
    assert grader(INTEGER).canonical(truth) == "73"
    assert grader(INTEGER).grade("Answer: 073", truth).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("truth", "why"),
    [
        ("x+1", "the answer 'x+1' is not an integer"),
        ("", "the answer '' is not an integer"),
        ("1/2", "the answer '1/2' is not an integer"),
        ("3 or 5", "the answer '3 or 5' is not an integer"),
        ("1234", "the answer '1234' is outside 0..999"),
        ("9" * 5000, f"the answer '{'9' * 39}…' is outside 0..999"),
    ],
)
def test_a_truth_that_cannot_be_graded_says_why(truth: str, why: str) -> None:
    assert check_truth(INTEGER, truth) == why


def test_a_wider_range_reads_larger_and_negative_integers() -> None:
    wide = grader(GradingSpec("integer", low=-(10**6), high=10**6))

    assert [
        wide.grade(text, "0").answer for text in (r"\boxed{1,024}", "Answer: \u22125", r"\boxed{-\frac{8}{2}}")
    ] == [
        "1024",
        "-5",
        "-4",
    ]


@given(st.text())
@settings(deadline=None)  # the machine may be busy
def test_no_text_makes_it_raise(text: str) -> None:
    grader(INTEGER).grade(text, "12")


FRAGMENTS = [
    *[
        "\\boxed{",
        "boxed",
        "}",
        "{",
        "\\",
        "answer",
        "Answer:",
        " is ",
        "<answer>",
        "</answer>",
        "**",
        "$",
        "\\[",
        "\n",
    ],
    *[
        "12",
        "1,024",
        "-",
        " or ",
        "=",
        "\\frac{1}{2}",
        "?",
        ". ",
        "<think>",
        "</think>",
        "(",
        ")",
        "\u0663",
        "\u00b2",
        "/",
    ],
    *["#### ", "- ", "final answer", " ", "the", "9" * 5000, "\ud800", "\x00", "_", "^"],
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
@settings(deadline=None)  # the machine may be busy
def test_no_mark_up_makes_it_raise_and_only_integers_of_the_range_come_out(text: str) -> None:
    grade = grader(INTEGER).grade(text, "12")

    assert (grade.answer is None) == (grade.verdict is Verdict.NO_ANSWER) == bool(grade.note)
    assert grade.answer is None or 0 <= int(grade.answer) <= 999
    assert len(grade.note) < 150


@given(st.text(alphabet=st.characters(exclude_characters="<")), st.integers(0, 999))
@settings(deadline=None)  # the machine may be busy
def test_a_box_at_the_end_of_a_new_line_is_always_read(before: str, number: int) -> None:
    assert grader(INTEGER).grade(f"{before}.\n\nSo it is \\boxed{{{number:03d}}}", "0").answer == str(number)


MEGA = 2 * 10**6
HOSTILE = {
    "unclosed boxes": "\\boxed{" * (MEGA // 7),
    "boxes of braces": "\\boxed{" * 70 + "{" * MEGA,
    "unclosed tags": "<answer>" * (MEGA // 8),
    "braces": "{" * MEGA,
    "a deep box": "\\boxed" + "{" * (MEGA // 2) + "5" + "}" * (MEGA // 2),
    "cues": "the final answer is " * (MEGA // 20),
    "cues for": "answer for " * (MEGA // 11),
    "answers": "answer" * (MEGA // 6),
    "answer lines": "answer\n" * (MEGA // 7),
    "commas": "answer, " * (MEGA // 8),
    "digits": "Answer: " + "9" * MEGA,
    "a boxed number": "\\boxed{" + "9" * 3000 + "}",
    "thousands": "Answer: 1" + ",000" * (MEGA // 4),
    "spaced digits": "1 " * (MEGA // 2),
    "spaces": " " * MEGA + "x" + " " * MEGA,
    "new lines": "x" + "\n" * MEGA,
    "blank lines": " \n" * (MEGA // 2),
    "stars": "*" * MEGA,
    "bold": "**1" * (MEGA // 3),
    "markup": "$*_`#>\\[" * (MEGA // 8),
    "equals": "answer: " + "1=" * (MEGA // 2),
    "fractions": "\\boxed{" + "\\frac{" * 600 + "}" * 601,
    "text": "\\boxed{" + "\\text{" * 600 + "5" + "}" * 601,
    "thoughts": "<think>" * (MEGA // 7),
    "ends of thought": "</think>" * (MEGA // 8),
    "the": "answer: " + "the " * (MEGA // 4),
    "backslashes": "\\" * MEGA,
    "dashes": "answer: " + "- " * (MEGA // 2),
    "boxes apart": "\\boxed{1} or " * (MEGA // 13),
    "list": "1. x\n" * (MEGA // 5) + "2.",
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_megabytes_take_no_longer_than_kind_ones(text: str) -> None:
    for _ in range(3):
        grader(INTEGER).grade(text, "12")


@pytest.mark.timeout(20)
def test_an_answer_ten_megabytes_before_the_end_is_found_if_it_is_boxed() -> None:
    assert grader(INTEGER).grade("\\boxed{7}\n" + "loop " * (2 * 10**6), "7").verdict is Verdict.RIGHT
