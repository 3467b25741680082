"""Something that speaks just enough of PostgreSQL's protocol to pass for an old release."""

import socketserver
import struct

SSL_REQUEST, GSS_REQUEST = 80877103, 80877104


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


class OldServer(socketserver.BaseRequestHandler):
    """Lets everyone in, says which release it is, and listens to nothing more."""

    def handle(self) -> None:
        while True:
            size, code = struct.unpack("!ii", self.request.recv(8))
            self.request.recv(size - 8)
            if code not in {SSL_REQUEST, GSS_REQUEST}:
                break
            self.request.sendall(b"N")
        parameters = {"server_version": "13.11", "client_encoding": "UTF8", "TimeZone": "UTC"}
        self.request.sendall(
            message(b"R", struct.pack("!i", 0))
            + b"".join(
                message(b"S", f"{name}\0{value}\0".encode()) for name, value in parameters.items()
            )
            + message(b"K", struct.pack("!ii", 1, 1))
            + message(b"Z", b"I")
        )
        self.request.recv(1024)
