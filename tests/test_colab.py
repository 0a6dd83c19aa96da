"""The first cell of every lesson: nothing happens outside Google Colab; on Colab the course is fetched.

Colab is imitated: its module, its server's answer about the open notebook, and a clone of this repository in
place of the one on GitHub.
"""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tools.notebooks import COLAB

ROOT = Path(__file__).parent.parent
OPENED = "fileId=https%3A%2F%2Fgithub.com%2Fowner%2Fcourse%2Fblob%2Ftrunk%2Fnotebooks%2F03.ipynb"
IMITATION = """
import socket, sys, types
colab = types.ModuleType("google.colab")
colab.output = types.SimpleNamespace(enable_custom_widget_manager=lambda: print("widgets enabled"))
sys.modules.update({"google": types.ModuleType("google"), "google.colab": colab})
socket.gethostbyname = lambda name: "127.0.0.1"
"""
AFTER = """
import helpers, helpers.explorers
print(helpers.__file__)
"""


@pytest.fixture
def server():
    """What Colab's server says of its one session; the path can be set."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            said = json.dumps([{"path": server.path}]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    server.path = OPENED
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def run(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=os.environ | environment, capture_output=True, text=True
    )


def on_colab(server, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    cell = COLAB.replace(":9000", f":{server.server_port}")
    assert cell != COLAB
    return run(IMITATION + cell + AFTER, folder, **environment)


def test_elsewhere_it_does_nothing(tmp_path):
    done = run(COLAB, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_on_colab_the_course_is_fetched_from_where_the_lesson_was_opened(tmp_path, server):
    github = tmp_path / "github" / "owner" / "course"
    subprocess.run(["git", "clone", "-q", "--bare", ROOT, github], check=True)
    subprocess.run(["git", "branch", "-f", "trunk", "HEAD"], cwd=github, check=True)
    instead = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{tmp_path / 'github'}/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
    }
    for _ in range(2):  # a cell may be run twice
        done = on_colab(server, tmp_path, **instead)
        assert done.returncode == 0, done.stderr
        enabled, where = done.stdout.splitlines()[-2:]
        assert enabled == "widgets enabled"
        assert Path(where).is_relative_to(tmp_path / "course") or where.startswith("course")


def test_a_lesson_opened_from_elsewhere_says_how_to_open_it(tmp_path, server):
    server.path = "fileId=1aB2c3"
    done = on_colab(server, tmp_path)
    assert "AssertionError: Open this lesson with File → Open notebook → GitHub" in done.stderr
