"""`python -m text2song`: the command line without an installed script."""

from text2song.cli.main import run

if __name__ == "__main__":
    run()
