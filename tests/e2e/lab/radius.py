# SPDX-License-Identifier: MPL-2.0
"""A RADIUS server on loopback that accepts everyone and ignores accounting (RFC 2865, RFC 2866).

It sends a Message-Authenticator (RFC 3579).
"""

import contextlib
import hashlib
import hmac
import socket
import struct
import threading
import time

PORT, SECRET = 1812, b"secret"

_TAKES = 0.05  # Kea may resume a query before it is parked, if the answer arrives at once

_ACCESS_REQUEST, _ACCESS_ACCEPT, _ACCOUNTING_REQUEST, _ACCOUNTING_RESPONSE = 1, 2, 4, 5
_FRAMED_IP_ADDRESS, _MESSAGE_AUTHENTICATOR = 8, 80


@contextlib.contextmanager
def accepting(namespace, framed_address=None):
    """Runs during a with statement. Yields a list of the requests. May assign an IPv4 address."""
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
                        time.sleep(_TAKES)
                        sock.sendto(_accept(request, framed_address), client)
                    elif request[0] == _ACCOUNTING_REQUEST:
                        sock.sendto(_response(_ACCOUNTING_RESPONSE, request, b""), client)

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
    return _response(_ACCESS_ACCEPT, request, unsigned[:2] + signature + attributes)


def _response(code, request, attributes):
    head = struct.pack("!BBH", code, request[1], 20 + len(attributes))
    return head + hashlib.md5(head + request[4:20] + attributes + SECRET).digest() + attributes
