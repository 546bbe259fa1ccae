-- A claim walks over what the claims before it left behind. How much that is depends on what was claimed and not on how
-- much waits, so the slim tables are vacuumed after so many rows and not after a share of them.
alter table enrollment_due set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
alter table send_due set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
