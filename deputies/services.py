from deputies.pinyin import spell

__all__ = ["spell"]
