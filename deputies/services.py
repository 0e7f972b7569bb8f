from common.pinyin import spell

__all__ = ["spell"]
