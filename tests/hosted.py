"""The web pages as a plain host serves them: compressed where that helps, kept by the browser for a while."""

import contextlib
import functools
import gzip
import hashlib
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# what GitHub Pages compresses on the way, and of these lessons anything large; a wheel is compressed already
COMPRESSED = (".html", ".css", ".js", ".mjs", ".json", ".svg", ".txt", ".ipynb", ".wasm", ".webmanifest")


@functools.cache
def as_sent(file: Path) -> tuple[bytes, str]:
    """Return the bytes of a file as they travel, and its ETag."""
    plain = file.read_bytes()
    sent = gzip.compress(plain, 6, mtime=0) if file.suffix in COMPRESSED else plain
    return sent, f'"{hashlib.sha256(plain).hexdigest()[:16]}"'


class Hosted(SimpleHTTPRequestHandler):
    """Answers with compressed files, a lifetime and an ETag, and notes what it sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            self.send_error(404)
            return
        sent, tag = as_sent(file)
        known = self.headers.get("If-None-Match") == tag
        self.send_response(304 if known else 200)
        self.send_header("ETag", tag)
        self.send_header("Cache-Control", "max-age=600")
        if not known:
            self.send_header("Content-Type", self.guess_type(str(file)))
            self.send_header("Content-Length", str(len(sent)))
            if file.suffix in COMPRESSED:
                self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if not known:
            self.server.sent.append((self.path.partition("?")[0], len(sent)))
            self.wfile.write(sent)

    def log_message(self, *what) -> None:
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # a page of JupyterLite asks for that many at once


@contextlib.contextmanager
def hosted(folder: Path) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Serve a folder; yield its address, and the list of path and bytes of each file sent so far."""
    server = Server(("127.0.0.1", 0), functools.partial(Hosted, directory=folder))
    server.sent = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.sent
    finally:
        server.shutdown()
