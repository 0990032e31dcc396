"""Build the pose model's ``.task`` bundle from the two networks inside an older MediaPipe wheel.

The MediaPipe wheels that RowSense runs on hold no model; 0.10.21's wheel holds the same pose networks in the
older form. Two things are missing for the Tasks API: how the landmark network wants its pixels scaled, written
as metadata into the model, and one uncompressed, aligned archive around both. The detector network carries its
metadata already (mean 127.5, standard deviation 127.5) and is taken as it is.

Everything here is deterministic: the same wheel gives the same bundle, byte for byte, on every machine.
"""

from __future__ import annotations

import io
import struct
import zipfile

import numpy as np

from rowsense.pose import _flatbuffer as fb

DETECTOR_NAME = "pose_detector.tflite"
LANDMARKS_NAME = "pose_landmarks_detector.tflite"

_ALIGNMENT = 64  # the runtime maps the networks from the archive; it needs at least 4 bytes
_ALIGNMENT_FIELD = 0xD935  # the archive header field that tools use for alignment padding
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)

# Field numbers of TensorFlow Lite's model schema (schema.fbs: Model, SubGraph, Tensor, Buffer, Metadata).
_MODEL_VERSION, _MODEL_OPERATOR_CODES, _MODEL_SUBGRAPHS, _MODEL_BUFFERS, _MODEL_METADATA = 0, 1, 2, 4, 6
_GRAPH_TENSORS, _GRAPH_INPUTS, _GRAPH_OUTPUTS, _GRAPH_OPERATORS = 0, 1, 2, 3
_SHAPE, _BUFFER, _NAME = 0, 2, 3
_BUFFER_DATA = 0
_METADATA_NAME, _METADATA_BUFFER = 0, 1

# Field numbers and enum values of its metadata schema (metadata_schema.fbs).
_SUBGRAPHS = 3  # ModelMetadata
_INPUTS = 2  # SubGraphMetadata
_TENSOR_NAME, _TENSOR_CONTENT, _TENSOR_PROCESS_UNITS = 0, 3, 4
_UNION_TYPE, _UNION_VALUE = 0, 1  # of both Content and ProcessUnit
_IMAGE_PROPERTIES, _RGB = 2, 1
_NORMALIZATION, _MEAN, _STD = 1, 0, 1


def build_bundle(detector: bytes, landmarks: bytes) -> bytes:
    """The ``.task`` archive from the two networks of MediaPipe 0.10.21's wheel.

    The landmark network reads pixels scaled to [0, 1]: mean 0, standard deviation 255.
    """
    return _archive({DETECTOR_NAME: detector, LANDMARKS_NAME: with_normalization(landmarks, mean=0.0, std=255.0)})


# What MediaPipe's detector network would say (ssd_anchors_calculator.cc and tensors_to_detections_calculator.cc of
# its pose graph): 2254 boxes of 12 numbers, pixels of a 224 x 224 picture relative to the box's own anchor: middle x
# and y, width, height, then four points x, y. The first anchor is the middle of the first of 28 x 28 cells.
_DETECTOR_SIDE, _BOXES, _BOX_NUMBERS = 224, 2254, 12
_FIRST_ANCHOR = 0.5 / 28
#: From the first point (the hips) to the second (the top of a circle around the person): MediaPipe looks at a square
#: of 2 * 1.25 this long, so 0.4 makes it the whole picture.
_CIRCLE = 0.4
_SURE, _NO = 10.0, -100.0


def whole_picture_bundle(landmarks: bytes) -> bytes:
    """A ``.task`` archive that looks at every picture whole: a detector that always sees one person filling it.

    The landmark network is the given one as it is in a model's bundle. What part of a frame it sees is then the
    caller's choice, and no answer depends on an earlier picture.
    """
    detector = with_normalization(_whole_picture_detector(), mean=127.5, std=127.5)
    return _archive({DETECTOR_NAME: detector, LANDMARKS_NAME: landmarks})


def landmark_network(bundle: bytes) -> bytes:
    """The landmark network inside a ``.task`` archive."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return archive.read(LANDMARKS_NAME)


def _whole_picture_detector() -> bytes:
    """A network without a single operation: both outputs are constants."""
    middle, top = (0.5, 0.5), (0.5, 0.5 - _CIRCLE)
    box = np.array([*middle, 1.0, 1.0, *middle, *top, *middle, *top])
    box[[0, 1, *range(4, _BOX_NUMBERS)]] -= _FIRST_ANCHOR
    boxes = np.zeros((_BOXES, _BOX_NUMBERS), dtype="<f4")
    boxes[0] = box * _DETECTOR_SIDE
    scores = np.full(_BOXES, _NO, dtype="<f4")
    scores[0] = _SURE
    tensors = (
        _tensor("image", (1, _DETECTOR_SIDE, _DETECTOR_SIDE, 3), 0),
        _tensor("boxes", (1, _BOXES, _BOX_NUMBERS), 1),
        _tensor("scores", (1, _BOXES, 1), 2),
    )
    graph = fb.Table(
        {
            _GRAPH_TENSORS: fb.Vector(tensors),
            _GRAPH_INPUTS: fb.integers(0),
            _GRAPH_OUTPUTS: fb.integers(1, 2),
            _GRAPH_OPERATORS: fb.Vector(()),
        }
    )
    buffers = (fb.Table({_BUFFER_DATA: fb.raw(data)}) for data in (b"", boxes.tobytes(), scores.tobytes()))
    model = fb.Table(
        {
            _MODEL_VERSION: fb.Scalar("I", 3),
            _MODEL_OPERATOR_CODES: fb.Vector(()),
            _MODEL_SUBGRAPHS: fb.Vector((graph,)),
            _MODEL_BUFFERS: fb.Vector(tuple(buffers)),
        }
    )
    return fb.serialize(model, b"TFL3")


def _tensor(name: str, shape: tuple[int, ...], buffer: int) -> fb.Table:
    return fb.Table({_SHAPE: fb.integers(*shape), _BUFFER: fb.Scalar("I", buffer), _NAME: fb.text(name)})


def with_normalization(model: bytes, *, mean: float, std: float) -> bytes:
    """``model`` with metadata that says: the input is an RGB image, scaled as ``(pixel - mean) / std``.

    The original bytes stay as they are behind a new root that refers into them.

    Raises:
        ValueError: ``model`` is not a TensorFlow Lite model.
    """
    fields = _root_fields(model)
    buffers = _vector(model, fields[_MODEL_BUFFERS])
    entries = _vector(model, fields[_MODEL_METADATA]) if _MODEL_METADATA in fields else ()
    entry = fb.Table({_METADATA_NAME: fb.text("TFLITE_METADATA"), _METADATA_BUFFER: fb.Scalar("I", len(buffers))})
    root: dict[int, fb.Scalar | fb.Table | fb.Vector | fb.Block | fb.Existing] = {}
    for number, place in fields.items():
        if number == _MODEL_VERSION:
            root[number] = fb.Scalar("I", struct.unpack_from("<I", model, place)[0])
        else:
            root[number] = fb.Existing(_follow(model, place))
    root[_MODEL_BUFFERS] = fb.Vector((*buffers, fb.Table({_BUFFER_DATA: fb.raw(_metadata(mean, std))})))
    root[_MODEL_METADATA] = fb.Vector((*entries, entry))
    return fb.serialize(fb.Table(root), b"TFL3", model)


def _metadata(mean: float, std: float) -> bytes:
    scaling = fb.Table({_MEAN: fb.floats(mean), _STD: fb.floats(std)})
    step = fb.Table({_UNION_TYPE: fb.Scalar("B", _NORMALIZATION), _UNION_VALUE: scaling})
    image = fb.Table({_UNION_TYPE: fb.Scalar("B", _IMAGE_PROPERTIES), _UNION_VALUE: _rgb()})
    tensor = fb.Table(
        {_TENSOR_NAME: fb.text("image"), _TENSOR_CONTENT: image, _TENSOR_PROCESS_UNITS: fb.Vector((step,))}
    )
    graph = fb.Table({_INPUTS: fb.Vector((tensor,))})
    return fb.serialize(fb.Table({_SUBGRAPHS: fb.Vector((graph,))}), b"M001")


def _rgb() -> fb.Table:
    return fb.Table({0: fb.Scalar("B", _RGB)})


def _root_fields(model: bytes) -> dict[int, int]:
    """Field number -> position of the field in the root table."""
    if model[4:8] != b"TFL3":
        raise ValueError("not a TensorFlow Lite model")
    root = _follow(model, 0)
    vtable = root - struct.unpack_from("<i", model, root)[0]
    count = (struct.unpack_from("<H", model, vtable)[0] - 4) // 2
    offsets = struct.unpack_from(f"<{count}H", model, vtable + 4)
    return {number: root + offset for number, offset in enumerate(offsets) if offset}


def _follow(model: bytes, place: int) -> int:
    return place + int(struct.unpack_from("<I", model, place)[0])


def _vector(model: bytes, place: int) -> tuple[fb.Existing, ...]:
    """The tables that the vector referred to at ``place`` refers to."""
    start = _follow(model, place)
    count = struct.unpack_from("<I", model, start)[0]
    return tuple(fb.Existing(_follow(model, start + 4 + 4 * i)) for i in range(count))


def _archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _FIXED_DATE)
            info.create_system = 3  # else it depends on the system that builds
            info.external_attr = 0o644 << 16
            start = out.tell() + 30 + len(name) + 6  # local header, name, our field's own header
            padding = -start % _ALIGNMENT
            info.extra = struct.pack("<HHH", _ALIGNMENT_FIELD, 2 + padding, _ALIGNMENT) + bytes(padding)
            archive.writestr(info, data)
    return out.getvalue()
