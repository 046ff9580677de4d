import pytest


@pytest.mark.parametrize("figure", ["accuracy", "budget"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_figure_has_the_size_that_was_asked_for_and_the_mark(thinktop, real, figure, size):
    width, height = size

    said = thinktop("plot", "real", "--figure", figure, "--width", width, "--height", height, store=real)

    assert said.code == 0
    assert said.widest <= width
    assert len(said.out.splitlines()) == height
    assert said.out.startswith("SIMULATED · real")
    assert "●" in said.out


def test_without_a_terminal_it_is_a_hundred_by_thirty(thinktop, real):
    assert len(thinktop("plot", store=real).out.splitlines()) == 30


@pytest.mark.parametrize(
    ("x", "axis"), [("tokens", "completion tokens used"), ("cost", "dollars"), ("seconds", "seconds")]
)
def test_accuracy_can_be_held_against_what_was_spent(thinktop, real, x, axis):
    assert axis in thinktop("plot", "--x", x, store=real).out


def test_linear_axes_begin_at_nothing(thinktop, real):
    for figure in ("accuracy", "budget"):
        said = thinktop("plot", "--figure", figure, "--linear", store=real)
        assert "2¹" not in said.out


def test_the_figures_are_named_without_a_store(thinktop, tmp_path):
    said = thinktop("plot", "--list", "--store", tmp_path / "none.db")

    assert (said.code, [line.split()[0] for line in said.out.splitlines()]) == (0, ["accuracy", "budget"])


@pytest.mark.parametrize("suffix", ["txt", "ansi", "svg"])
def test_a_figure_goes_into_a_new_file(thinktop, real, tmp_path, suffix):
    path = tmp_path / f"f.{suffix}"

    assert thinktop("plot", "-o", path, store=real).code == 0
    again = thinktop("plot", "-o", path, store=real)

    text = path.read_text()
    assert "SIMULATED" in text
    assert ("\x1b[" in text) == (suffix == "ansi")
    assert "font-face" not in text
    assert (again.code, "--force" in again.err) == (2, True)
    assert thinktop("plot", "-o", path, "--force", store=real).code == 0


@pytest.mark.parametrize(
    "words",
    [("--figure", "nope"), ("-o", "f.png"), ("--width", "3"), ("--height", "5000"),
     ("--figure", "budget", "--x", "cost"),
     ("--json", "-o", "f.svg")],
)  # fmt: skip
def test_what_cannot_be_drawn_is_one_line_and_exit_code_2(thinktop, real, words):
    said = thinktop("plot", *words, store=real)

    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)


def test_for_scripts_a_figure_is_its_points(thinktop, real):
    figure = thinktop("plot", "--json", store=real).json

    asked, votes = figure["series"]
    assert (asked["name"], votes["name"]) == ("asked", "votes")
    assert (figure["x"]["scale"], figure["y"]["high"]) == ("log2", 1.0)
    assert all(point["low"] <= point["y"] <= point["high"] for point in asked["points"])


def test_a_run_without_samples_says_so_in_its_figure(thinktop, book):
    assert "no samples yet" in thinktop("plot", store=book().place).out


def test_hostile_labels_are_made_visible(thinktop, book, hostile):
    run = book(labels=(hostile, "m"))
    run.keep("p1", 100, 0, label=hostile)
    run.keep("p1", 100, 0)

    assert thinktop("plot", store=run.place).harmless
