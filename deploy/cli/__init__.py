"""The `ykien` command, one file per subcommand.

Exit codes: 0 done, 1 the answer is no, 2 bad usage or input, 3 a dependency is unreachable.
"""
