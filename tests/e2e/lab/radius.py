# SPDX-License-Identifier: MPL-2.0
"""A RADIUS server on loopback that accepts everybody (RFC 2865), with a Message-Authenticator (RFC 3579)."""

import contextlib
import hashlib
import hmac
import socket
import struct
import threading

PORT, SECRET = 1812, b"secret"

_ACCESS_REQUEST, _ACCESS_ACCEPT = 1, 2
_FRAMED_IP_ADDRESS, _MESSAGE_AUTHENTICATOR = 8, 80


@contextlib.contextmanager
def accepting(namespace, framed_address=None):
    """Runs during a with statement; gives a list that fills with the requests. May hand out an IPv4 address."""
    requests = []
    with namespace.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", PORT))
        sock.settimeout(0.1)
        over = threading.Event()

        def serve():
            while not over.is_set():
                with contextlib.suppress(TimeoutError):
                    request, client = sock.recvfrom(4096)
                    if request[0] == _ACCESS_REQUEST:
                        requests.append(request)
                        sock.sendto(_accept(request, framed_address), client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield requests
        finally:
            over.set()
            thread.join()


def _accept(request, framed_address):
    authenticator = request[4:20]
    attributes = b""
    if framed_address is not None:
        attributes = struct.pack("!BB", _FRAMED_IP_ADDRESS, 6) + socket.inet_aton(framed_address)
    unsigned = struct.pack("!BB", _MESSAGE_AUTHENTICATOR, 18) + bytes(16) + attributes
    head = struct.pack("!BBH", _ACCESS_ACCEPT, request[1], 20 + len(unsigned))
    signature = hmac.new(SECRET, head + authenticator + unsigned, hashlib.md5).digest()
    signed = unsigned[:2] + signature + attributes
    return head + hashlib.md5(head + authenticator + signed + SECRET).digest() + signed
