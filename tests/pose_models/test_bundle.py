"""The bundle writer, judged by MediaPipe's own schemas and by MediaPipe itself."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from rowsense.pose import _bundle
from rowsense.pose import _flatbuffer as fb


def _schema(name: str) -> ModuleType:
    """A schema module that MediaPipe ships, loaded by itself."""
    found = importlib.util.find_spec("mediapipe")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / "tasks" / "metadata" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def networks(pose_model: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(pose_model) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def small_model() -> bytes:
    """A model file with two buffers (one filled) and one metadata entry, written by the flatbuffers library."""
    import flatbuffers

    schema = _schema("schema_py_generated")
    model = schema.ModelT()
    model.version = 3
    model.description = "small"
    empty, filled = schema.BufferT(), schema.BufferT()
    filled.data = list(range(40))
    model.buffers = [empty, filled]
    entry = schema.MetadataT()
    entry.name, entry.buffer = "min_runtime_version", 1
    model.metadata = [entry]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def test_normalization_is_added_and_nothing_else_changes(small_model: bytes) -> None:
    schema, metadata_schema = _schema("schema_py_generated"), _schema("metadata_schema_py_generated")
    data = _bundle.with_normalization(small_model, mean=127.5, std=64.0)

    model = schema.ModelT.InitFromPackedBuf(data, 0)
    assert (model.version, model.description) == (3, b"small")
    assert bytes(model.buffers[1].data) == bytes(range(40))
    assert [(entry.name, entry.buffer) for entry in model.metadata] == [
        (b"min_runtime_version", 1),
        (b"TFLITE_METADATA", 2),
    ]

    packed = bytes(model.buffers[2].data)
    assert packed[4:8] == b"M001"
    metadata = metadata_schema.ModelMetadataT.InitFromPackedBuf(packed, 0)
    (tensor,) = metadata.subgraphMetadata[0].inputTensorMetadata
    assert tensor.name == b"image"
    assert isinstance(tensor.content.contentProperties, metadata_schema.ImagePropertiesT)
    assert tensor.content.contentProperties.colorSpace == metadata_schema.ColorSpaceType.RGB
    (step,) = tensor.processUnits
    assert isinstance(step.options, metadata_schema.NormalizationOptionsT)
    assert (list(step.options.mean), list(step.options.std)) == ([127.5], [64.0])


def test_weights_stay_aligned_as_tensorflow_lite_wants(small_model: bytes) -> None:
    data = _bundle.with_normalization(small_model, mean=0.0, std=255.0)
    weights = data.index(bytes(range(40)))
    metadata = data.index(b"M001") - 4
    assert weights % 16 == small_model.index(bytes(range(40))) % 16
    assert metadata % 16 == 0


def test_only_a_model_can_be_given_metadata() -> None:
    with pytest.raises(ValueError, match="TensorFlow Lite"):
        _bundle.with_normalization(b"x" * 64, mean=0.0, std=1.0)


def test_landmark_network_of_the_built_model_expects_zero_to_one(networks: dict[str, bytes]) -> None:
    schema, metadata_schema = _schema("schema_py_generated"), _schema("metadata_schema_py_generated")
    expected = {_bundle.DETECTOR_NAME: (127.5, 127.5), _bundle.LANDMARKS_NAME: (0.0, 255.0)}
    for name, scaling in expected.items():
        model = schema.ModelT.InitFromPackedBuf(networks[name], 0)
        (buffer,) = (entry.buffer for entry in model.metadata if entry.name == b"TFLITE_METADATA")
        metadata = metadata_schema.ModelMetadataT.InitFromPackedBuf(bytes(model.buffers[buffer].data), 0)
        options = metadata.subgraphMetadata[0].inputTensorMetadata[0].processUnits[0].options
        assert (options.mean[0], options.std[0]) == scaling


def test_archive_is_uncompressed_aligned_and_repeatable(networks: dict[str, bytes], pose_model: Path) -> None:
    landmarks = networks[_bundle.LANDMARKS_NAME]
    first = _bundle.build_bundle(networks[_bundle.DETECTOR_NAME], landmarks)
    assert first == _bundle.build_bundle(networks[_bundle.DETECTOR_NAME], landmarks)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        for info in archive.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            start = first.index(archive.read(info)[:4096])
            assert start % 64 == 0, info.filename
        assert archive.namelist() == [_bundle.DETECTOR_NAME, _bundle.LANDMARKS_NAME]


def test_built_bundle_matches_its_pinned_hash(networks: dict[str, bytes], pose_model: Path) -> None:
    """The original network follows the new root unchanged, so it can be cut out and the bundle built again."""
    from rowsense.pose.models import DEFAULT_MODEL, MODELS

    patched = networks[_bundle.LANDMARKS_NAME]
    original_start = patched.index(b"TFL3", 8) - 4
    rebuilt = _bundle.build_bundle(networks[_bundle.DETECTOR_NAME], patched[original_start:])
    assert hashlib.sha256(rebuilt).hexdigest() in MODELS[DEFAULT_MODEL].sha256


def test_string_and_scalar_layout() -> None:
    table = fb.Table({0: fb.text("ab"), 2: fb.Scalar("B", 7)})
    data = fb.serialize(table, b"TEST")
    # root at 20: header 8, vtable 10 (2 + 2 + three fields), two bytes to align
    assert data[:8] == (20).to_bytes(4, "little") + b"TEST"
    assert data[10:20] == bytes([10, 0, 12, 0, 4, 0, 0, 0, 8, 0])
    assert data[28] == 7
    assert data[32:39] == (2).to_bytes(4, "little") + b"ab\0"
