"""Read by every kernel of the course's environment: what is said of a name that is missing."""

HINT = '''
def _hint(shell, kind, error, trace, tb_offset=None):
    """Say after the usual message that nothing of the lesson was imported, if that is so."""
    import sys

    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
    if "helpers" not in sys.modules:
        print("Nothing of this lesson has been imported yet. Run the cells above this one first: "
              "Run > Run All Above Selected Cell.", file=sys.stderr)

get_ipython().set_custom_exc((NameError,), _hint)
del _hint
'''
c = get_config()  # noqa: F821  (IPython's)
c.InteractiveShellApp.exec_lines = [HINT]
