from stpose.pose_embedder import PoseEmbedder as PoseEmbedder
