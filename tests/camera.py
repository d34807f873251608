"""A fake camera for Chromium: a still picture as a video file, and the flags that make it the camera."""

from pathlib import Path

import numpy as np
from PIL import Image

WIDTH, HEIGHT, FRAMES = 640, 480, 4  # Chromium repeats the file; a few frames are a still


def write_video(picture: Image.Image, path: Path, *, fill: float = 0.75) -> Path:
    """Write `picture`, grey and centred on white, as an uncompressed Y4M that Chromium plays as a camera.

    `fill` is the part of the frame's height that the picture takes.
    """
    side = int(HEIGHT * fill)
    frame = Image.new("L", (WIDTH, HEIGHT), 255)
    resized = picture.convert("L").resize((side, side), Image.Resampling.NEAREST)
    frame.paste(resized, ((WIDTH - side) // 2, (HEIGHT - side) // 2))
    light = np.asarray(frame, dtype=np.uint8).tobytes()
    colour = np.full(WIDTH * HEIGHT // 2, 128, dtype=np.uint8).tobytes()  # both planes, no hue
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(FRAMES):
            file.write(b"FRAME\n" + light + colour)
    return path


def flags(video: Path) -> list[str]:
    """Chromium's command line for a camera that shows `video` and is allowed without asking."""
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={video}",
    ]
