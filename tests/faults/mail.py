"""A mail server that keeps what it is given, and can stop in the middle of a letter for as long as a test wants.

It speaks just enough SMTP for one client library, on a loopback port, in threads.
"""

import socketserver
import threading
from collections import Counter
from email import message_from_bytes
from email.policy import default


class MailServer(socketserver.ThreadingTCPServer):
    """`kept` counts letters by Message-ID. `hold("DATA")` stops before it takes a letter, `hold("QUIT")` when it has it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.kept: Counter[str] = Counter()
        self.held_at = ""
        self.is_holding = threading.Event()
        self.go_on = threading.Event()
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def open(self) -> None:
        """Begin to take letters."""
        self._thread.start()

    def close(self) -> None:
        """End, conversations included."""
        self.release()
        self.shutdown()
        self.server_close()
        self._thread.join()

    def hold(self, command: str) -> None:
        """Stop at the next such command, and tell by `is_holding`."""
        self.is_holding.clear()
        self.go_on.clear()
        self.held_at = command

    def release(self) -> None:
        """Let it go on, and hold no more."""
        self.held_at = ""
        self.go_on.set()

    def reached(self, command: str) -> None:
        """Called by a conversation before it answers."""
        if self.held_at == command:
            self.is_holding.set()
            self.go_on.wait(60)

    def keep(self, letter: bytes) -> None:
        """It is ours now: whoever sent it may forget it."""
        self.kept[str(message_from_bytes(letter, policy=default)["Message-ID"])] += 1

    def handle_error(self, request, client_address) -> None:
        """A client that was killed in the middle is why we are here."""


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline():
            command = line[:4].upper().decode(errors="replace").strip()
            if command == "DATA":
                self.take_letter()
            elif command == "QUIT":
                self.server.reached("QUIT")
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take_letter(self) -> None:
        self.server.reached("DATA")
        self.say("354 go on")
        letter = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return  # it broke off, so there was no letter
            letter.append(line)
        self.server.keep(b"".join(letter))
        self.say("250 taken")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
