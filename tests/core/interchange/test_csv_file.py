import csv
import io

import pytest

from core.interchange.csv_file import cell, write_csv


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-", "=", "+1 a"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+7", "-1.5", "-1e-9", "+.5", "42", "a=b", "", "'=1"])
def test_numbers_and_harmless_texts_stay_as_they_are(text):
    assert cell(text) == text


def test_numbers_truth_values_and_nothing_are_written_plainly():
    assert [cell(one) for one in (-5, -1.5, True, False, None)] == [-5, -1.5, "true", "false", ""]


def test_digits_of_other_scripts_do_not_pass_for_numbers():
    assert cell("-\N{ARABIC-INDIC DIGIT FIVE}") == "'-\N{ARABIC-INDIC DIGIT FIVE}"


def test_rows_survive_quotes_newlines_and_separators():
    file = io.StringIO()

    written = write_csv(file, ["a", "b"], [{"a": 'x,"y"\n', "b": 1}, {"a": None, "b": "z"}])

    assert written == 2
    assert list(csv.reader(io.StringIO(file.getvalue()))) == [["a", "b"], ['x,"y"\n', "1"], ["", "z"]]
