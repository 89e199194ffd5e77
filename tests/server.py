"""A static server that compresses text as a host does: `python -m tests.server [FOLDER] [PORT]`, for tests and Lighthouse."""

import argparse
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TEXT = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".xml", ".txt", ".ipynb", ".md"}


class Compressed(SimpleHTTPRequestHandler):
    """Serve files, text gzipped, with a page of our own where there is none."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript", ".svg": "image/svg+xml"}
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        status = 200 if path.is_file() else 404
        path = path if path.is_file() else Path(self.directory, "404.html")
        body = path.read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in TEXT and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # a page that was left waits for no answer
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the tests read what the browser saw."""


@contextmanager
def serve(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve ``folder`` on localhost; yields the address, ending in a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Compressed, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", default="_build/html", type=Path)
    options.add_argument("port", nargs="?", default=8123, type=int)
    given = options.parse_args()
    with serve(given.folder, given.port) as url:
        print(url, flush=True)
        threading.Event().wait()
