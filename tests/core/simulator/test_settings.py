from __future__ import annotations

import math

import pytest

from core.errors import UsageError
from core.simulator.faults import Scheduled
from core.simulator.settings import Address, SimulatorSettings
from core.vocabulary import Problem


def test_settings_survive_the_pipe():
    settings = SimulatorSettings(
        problems=(Problem("a", "Why?\n\u2028", "4", difficulty=0.5),),
        models=("o1-mini",),
        seed=7,
        faults={"429": 0.1},
        schedule=(Scheduled("reset", at=(3, 5)), Scheduled("outage", from_s=1.0, to_s=2.0)),
        ignore=("reasoning_effort",),
        capacity=8,
        api_key="sim-key",
    )
    line = settings.to_json()
    assert "\n" not in line
    assert SimulatorSettings.from_json(line) == settings


def test_an_infinite_speed_travels_as_zero():
    settings = SimulatorSettings.from_json(SimulatorSettings(speed=math.inf).to_json())
    assert settings.latency(10_000) == 0


def test_latency_follows_tokens_and_speed_unless_it_is_fixed():
    assert SimulatorSettings(speed=1).latency(1500) == pytest.approx(11.0)
    assert SimulatorSettings(speed=0).latency(1500) == 0
    assert SimulatorSettings(latency_s=0.2).latency(1500) == 0.2
    assert 0.005 < SimulatorSettings().latency(363) < SimulatorSettings().latency(11104) < 0.2


def test_a_scheduled_number_may_stand_alone():
    settings = SimulatorSettings.from_json('{"schedule": [{"kind": "500", "at": 4}]}')
    assert settings.schedule == (Scheduled("500", at=(4, 4)),)


def test_keys_do_not_show():
    assert "secret" not in repr(SimulatorSettings(api_key="secret"))
    assert "secret" not in repr(Address("http://127.0.0.1:1/v1", "secret"))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[]", "give a JSON object"),
        ('{"sped": 3}', "unknown setting 'sped'; did you mean 'speed'?"),
        ('{"faults": {"rest": 0.1}}', "faults: unknown fault 'rest'; did you mean 'reset'?"),
        ('{"faults": {"zzz": 0.1}}', "unknown fault 'zzz'; known are"),
        ('{"faults": {"reset": 1.5}}', "faults.reset: must be a probability"),
        ('{"faults": {"reset": 0.6, "429": 0.6}}', "faults: must be 1 at most in all"),
        ('{"faults": {"outage": 0.1}}', "faults.outage: must be in the schedule"),
        ('{"faults": [1]}', "wrong type"),
        ('{"schedule": [{"kind": "hnag", "at": 1}]}', "schedule: unknown fault 'hnag'; did you mean 'hang'?"),
        ('{"schedule": [{"kind": "hang"}]}', "schedule: must be `at`, or else `from_s`"),
        ('{"schedule": [{"kind": "outage", "at": 1}]}', "an outage from_s"),
        ('{"schedule": [{"kind": "hang", "at": 1, "until": 2}]}', "unknown part 'until'"),
        ('{"schedule": [{"at": 1}]}', "a part is missing"),
        ('{"schedule": [{"kind": "hang", "at": [1]}]}', "a part is missing"),
        ('{"schedule": [{"kind": "hang", "from_s": "now"}]}', "wrong type"),
        ('{"text_chars": 1.5}', "text_chars: must be a whole number (got 1.5)"),
        ('{"faults": {"reset": NaN}}', "faults.reset: must be a probability"),
        ('{"problems": [{"id": "a"}]}', "a part is missing"),
        ('{"ignore": ["reasoning_efort"]}', "ignore: unknown name 'reasoning_efort'; did you mean 'reasoning_effort'?"),
        ('{"speed": "fast"}', "wrong type"),
        ('{"speed": -1}', "speed: must be 0"),
        ('{"port": 70000}', "port: must be from 1 to 65535"),
        ('{"api_key": ""}', "api_key"),
        ('{"capacity": 0}', "capacity: must be 1 or more"),
    ],
)
def test_a_setting_that_means_nothing_is_refused_in_one_line(line, says):
    with pytest.raises(UsageError) as refused:
        SimulatorSettings.from_json(line)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
