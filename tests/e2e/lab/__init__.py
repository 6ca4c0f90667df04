# SPDX-License-Identifier: MPL-2.0
"""What the tests are made with: networks, servers, clients and the files between them."""
