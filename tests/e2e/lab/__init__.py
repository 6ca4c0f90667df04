# SPDX-License-Identifier: MPL-2.0
"""The building blocks of the tests: networks, servers, clients and the files between them."""
