"""A disk whose power can be cut: an ext4 in a file, shut down by ioctl without any flushing."""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
import subprocess
import time
from pathlib import Path

EXT4_IOC_SHUTDOWN = 0x8004587D
"""_IOR('X', 125, __u32) of the kernel's fs/ext4/ext4.h."""
WITHOUT_FLUSHING = 2
"""EXT4_GOING_FLAGS_NOLOGFLUSH: not even the journal that is in memory reaches the disk."""
TOOLS = ("mkfs.ext4", "mount", "umount", "losetup")
MEGABYTES = 256
SECONDS_TO_LET_GO = 20


class PowerDisk:
    """Use as a context; `point` is where it is mounted."""

    def __init__(self, folder: Path) -> None:
        self._image = folder / "disk.img"
        self.point = folder / "disk"

    def __enter__(self) -> PowerDisk:
        with self._image.open("wb") as file:
            file.truncate(MEGABYTES * 1024 * 1024)
        self.point.mkdir()
        _run("mkfs.ext4", "-q", str(self._image))
        self._mount()
        return self

    def __exit__(self, *_: object) -> None:
        self._unmount()

    def cut_power(self) -> None:
        """From this moment on nothing is written; what the kernel had not flushed is lost."""
        descriptor = os.open(self.point, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, EXT4_IOC_SHUTDOWN, struct.pack("I", WITHOUT_FLUSHING))
        finally:
            os.close(descriptor)

    def restore_power(self) -> None:
        """Mount again what the disk holds, as a machine does that starts; nobody may use it."""
        self._unmount()
        self._mount()

    def _unmount(self) -> None:
        until = time.monotonic() + SECONDS_TO_LET_GO
        while True:
            try:
                _run("umount", str(self.point))
                return
            except subprocess.CalledProcessError:
                # Whoever was killed a moment ago still holds files.
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def _mount(self) -> None:
        _run("mount", "-o", "loop", str(self._image), str(self.point))


def reason_to_skip(folder: Path) -> str:
    """Why the power cannot be cut here; empty when it can."""
    if os.geteuid() != 0:
        return "only root may mount a disk and shut it down"
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        return f"not installed: {', '.join(missing)}"
    trial = folder / "trial"
    trial.mkdir()
    try:
        with PowerDisk(trial) as disk:
            disk.cut_power()
            disk.restore_power()
    except (OSError, subprocess.CalledProcessError) as error:
        words = getattr(error, "stderr", "") or str(error)
        return f"a loop-mounted ext4 cannot be made or shut down: {words.strip()}"
    return ""


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
