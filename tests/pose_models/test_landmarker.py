"""The built model in MediaPipe's Tasks API, on photographs of a rower."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest


def test_pose_and_silhouette_are_found_in_every_still(pose_model: Path, real_stills: list[Path]) -> None:
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(pose_model)), output_segmentation_masks=True
    )
    assert len(real_stills) == 7
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        for still in real_stills:
            picture = np.ascontiguousarray(cv2.imread(str(still))[:, :, ::-1])
            found = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=picture))
            assert len(found.pose_landmarks) == 1, still.name
            shoulder, hip = found.pose_landmarks[0][11], found.pose_landmarks[0][23]
            assert 0.15 < hip.y - shoulder.y < 0.45, "an upright trunk, shoulder above hip"
            mask = np.squeeze(found.segmentation_masks[0].numpy_view())
            assert mask.shape == picture.shape[:2]
            assert 0.05 < float((mask > 0.5).mean()) < 0.12, "the rower fills about a twelfth of the picture"
            assert mask[int(hip.y * mask.shape[0]), int(hip.x * mask.shape[1])] == pytest.approx(1, abs=0.2)
