-- Quartz keeps its clustered triggers here and creates the tables itself.
create schema if not exists quartz;
