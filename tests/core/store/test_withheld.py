from core.store.withheld import content_hash, withheld


def test_a_question_has_one_hash_however_it_is_spaced():
    assert content_hash("What  is\n1?") == content_hash(" What is 1?") != content_hash("What is 2?")


def test_a_withheld_question_has_the_hash_of_the_question():
    content = content_hash("What is 1?")
    assert content is not None

    assert content_hash(withheld(content)) == content


def test_no_question_has_none_and_one_that_only_speaks_of_a_hash_has_its_own():
    assert content_hash(" ") is None
    assert content_hash("withheld question, SHA-256 abc") not in (None, "abc")
