"""The suites' own machinery, tried on nothing but itself."""

import base64
import io
import urllib.request

import qrcode
import zxingcpp
from PIL import Image


def test_the_fake_camera_shows_the_picture_to_the_page(phone_with_camera, server):
    """The frame that a page draws from its camera is the QR code we gave it."""
    page = phone_with_camera(qrcode.make("habitue:camera").get_image())
    page.goto("/healthz")
    frame = page.evaluate("""async () => {
        const stream = await navigator.mediaDevices.getUserMedia({video: {width: 640, height: 480}});
        const video = document.createElement("video");
        video.srcObject = stream;
        await video.play();
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
        canvas.getContext("2d").drawImage(video, 0, 0);
        stream.getTracks().forEach((track) => track.stop());
        return canvas.toDataURL("image/png").split(",")[1];
    }""")
    picture = Image.open(io.BytesIO(base64.b64decode(frame)))
    assert picture.size == (640, 480)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["habitue:camera"]


def test_the_server_answers_over_http(server):
    with urllib.request.urlopen(f"{server.url}/healthz") as answer:
        assert answer.status == 200
