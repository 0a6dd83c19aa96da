"""One step of installing the project that setuptools leaves out when the installation is editable."""

from setuptools.command.build_py import build_py


class BuildPy(build_py):
    """As usual; and `data-files` of pyproject.toml come into the environment, editable or not."""

    def run(self) -> None:
        """Build."""
        super().run()
        if self.editable_mode:
            self.run_command("install_data")
