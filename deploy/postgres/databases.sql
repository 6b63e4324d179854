-- Run by the image of PostgreSQL when its volume is new.
CREATE DATABASE dagster;
CREATE DATABASE mlflow;
