# SPDX-License-Identifier: MPL-2.0
"""Draws the results that depend on the number of users."""

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.hashsalt": "user_chk", "svg.fonttype": "none"})  # the same results give the same file

from matplotlib import pyplot  # noqa: E402  (the back end is chosen before)

_SIZE = (7, 4)


def rates(path, ours, stock):
    """Draws fractions of the rate without a hook by number of users, given two dictionaries."""
    figure, axes = _figure("registered users", "share of the rate without a hook")
    axes.set_xscale("symlog", linthresh=10)
    axes.plot(ours.keys(), ours.values(), "o-", color="#1f6feb", label="this hook")
    axes.plot(stock.keys(), stock.values(), "s--", color="#8c8c8c", label="stock user_chk (measured separately)")
    axes.set_ylim(0, 1.1)
    axes.set_xlim(0, 2 * max(*ours, *stock))
    axes.legend(loc="center right")
    _save(figure, path)


def loading(path, seconds):
    """Draws the seconds to load a registry by number of users."""
    figure, axes = _figure("registered users", "time to load a warm file, seconds")
    axes.loglog(seconds.keys(), seconds.values(), "o-", color="#1f6feb")
    _save(figure, path)


def _figure(across, up):
    figure, axes = pyplot.subplots(figsize=_SIZE)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(True, color="#dddddd")
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _save(figure, path):
    path.parent.mkdir(exist_ok=True)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
