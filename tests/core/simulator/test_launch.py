from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time

import openai
import pytest

from core.errors import EndpointError
from core.simulator.launch import simulator
from core.simulator.settings import SimulatorSettings


async def refused(address):
    client = openai.AsyncOpenAI(base_url=address.base_url, api_key=address.api_key, max_retries=0)
    async with client:
        with pytest.raises(openai.APIConnectionError):
            await client.models.list()


async def test_a_launched_simulator_answers_and_ends_with_its_context(problems):
    async with simulator(SimulatorSettings(problems=problems, speed=0, api_key="sim-given")) as address:
        client = openai.AsyncOpenAI(base_url=address.base_url, api_key="sim-given", max_retries=0)
        async with client:
            reply = await client.chat.completions.create(
                model="o1-mini", messages=[{"role": "user", "content": problems[0].question}]
            )
    assert reply.usage.completion_tokens > 0
    assert address.api_key == "sim-given"
    await refused(address)


async def test_a_cancelled_context_ends_its_simulator(problems):
    started = asyncio.get_running_loop().create_future()

    async def hold():
        async with simulator(SimulatorSettings(problems=problems)) as address:
            started.set_result(address)
            await asyncio.sleep(3600)

    task = asyncio.create_task(hold())
    address = await started
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await refused(address)


async def test_a_start_that_fails_says_why(problems):
    async with simulator(SimulatorSettings(problems=problems)) as address:
        port = int(address.base_url.split(":")[2].removesuffix("/v1"))
        with pytest.raises(EndpointError, match=r"did not start: the simulator cannot listen on 127.0.0.1:\d+ .*port"):
            async with simulator(SimulatorSettings(problems=problems, port=port)):
                pass


def start(line, **options):
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "core.simulator"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )
    process.stdin.write(line)
    process.stdin.flush()
    return process


def test_the_process_prints_its_address_and_ends_when_its_input_closes(problems):
    process = start(SimulatorSettings(problems=problems).to_json().encode() + b"\n")
    address = json.loads(process.stdout.readline())
    _, complaints = process.communicate(timeout=10)
    assert address["base_url"].startswith("http://127.0.0.1:")
    assert len(address["api_key"]) > 20
    assert (process.returncode, complaints) == (0, b"")


def test_bad_settings_are_one_line_and_exit_code_2():
    _, complaints = start(b'{"sped": 2}\n').communicate(timeout=10)
    assert complaints == b"simulator settings: unknown setting 'sped'; did you mean 'speed'?\n"


def test_it_dies_with_its_parent_even_when_the_parent_is_killed():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import asyncio\n"
                "from core.simulator.launch import simulator\n"
                "from core.simulator.settings import SimulatorSettings\n"
                "from core.vocabulary import Problem\n"
                "from pathlib import Path\n"
                "async def main():\n"
                "    settings = SimulatorSettings(problems=(Problem('a', 'Why?', '4'),), faults={'hang': 1.0})\n"
                "    async with simulator(settings) as address:\n"
                "        print(address.base_url, flush=True)\n"
                "        await asyncio.sleep(3600)\n"
                "asyncio.run(main())\n"
            ),
        ],
        stdout=subprocess.PIPE,
    )
    port = int(parent.stdout.readline().split(b":")[2].split(b"/")[0])
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    deadline = time.monotonic() + 10
    while listening(port) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not listening(port)


def listening(port):
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def test_without_settings_it_knows_the_built_in_competition():
    process = start(b"\n")
    address = json.loads(process.stdout.readline())
    process.communicate(timeout=10)
    assert process.returncode == 0
    assert address["base_url"].endswith("/v1")


async def test_hundreds_of_connections_are_served(problems):
    async with simulator(SimulatorSettings(problems=problems, latency_s=0.5)) as address:
        port = int(address.base_url.split(":")[2].removesuffix("/v1"))
        connections = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", port) for _ in range(400)))
        for _, writer in connections:
            writer.write(b"GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n")
        replies = await asyncio.gather(*(reader.readline() for reader, _ in connections))
        for _, writer in connections:
            writer.close()
    assert set(replies) == {b"HTTP/1.1 401 Unauthorized\r\n"}
