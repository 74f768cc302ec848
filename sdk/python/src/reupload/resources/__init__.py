"""The groups of calls, each as a thin pair of classes over ``reupload._calls``."""
