-- SPDX-License-Identifier: MPL-2.0
-- Makes the users of a database equal to those of a registry file, which it reads from standard input:
--
--   psql -X -q -d NAME -f import.sql < user_chk_registry.txt
--
-- It adds, changes and removes users in one transaction: either all of that is done, or nothing. Users that are already
-- the same are not touched, so servers see only changes. Requires the role user_chk_editor.
--
-- It handles the rows for all servers (server_tag 'all'). These variables may be set with psql's -v:
--   source=NAME        Each user gets an attribute `source` with this name, and only users who have it are changed and
--                      removed: a row that someone else has added is left alone.
--   most_gone=PERCENT  The maximum share of the existing users to remove, 10 by default. With more to
--                      remove, or without any user in the file, nothing is done.

\set ON_ERROR_STOP on
\encoding UTF8
\if :{?source}
\else
  \set source ''
\endif
\if :{?most_gone}
\else
  \set most_gone 10
\endif

BEGIN;
-- One at a time.
DO $$ BEGIN PERFORM pg_advisory_xact_lock(hashtext('user_chk import')); END $$;

-- Reads a line unchanged: these two characters do not occur in JSON.
CREATE TEMP TABLE lines (line text) ON COMMIT DROP;
\copy lines FROM pstdin WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

CREATE TEMP TABLE wanted (type text, id bytea, attributes jsonb, PRIMARY KEY (type, id)) ON COMMIT DROP;
WITH records AS MATERIALIZED (SELECT line::jsonb AS record FROM lines WHERE line ~ '\S' AND line !~ '^#'),
ids AS (SELECT record, record ->> 'type' AS type, record ->> 'id' AS id FROM records)
INSERT INTO wanted
  SELECT DISTINCT
    type || CASE WHEN id = 'random' THEN '_RANDOM' WHEN id LIKE '%*' THEN '_PREFIX' ELSE '' END,
    CASE WHEN id = 'random' THEN '\x02'::bytea
         WHEN id ~ '^''[^'']*''\*?$' THEN convert_to(substring(id from '^''(.*)''\*?$'), 'UTF8')
         ELSE decode(translate(regexp_replace(id, '\*$', ''), ':-.', ''), 'hex') END,
    (record - 'type' - 'id') || CASE WHEN :'source' = '' THEN '{}' ELSE jsonb_build_object('source', :'source') END
  FROM ids;
ANALYZE wanted;

CREATE TEMP VIEW own AS
  SELECT * FROM user_chk.users WHERE server_tag = 'all' AND (:'source' = '' OR attributes ->> 'source' = :'source');

SELECT count(*) AS present, count(*) FILTER (WHERE w.type IS NULL) AS gone, (SELECT count(*) FROM wanted) AS wanted
  FROM own o LEFT JOIN wanted w USING (type, id) \gset
SELECT :wanted = 0 OR :gone > ceil(:present * :most_gone / 100.0) AS is_refused \gset
\if :is_refused
  \warn :wanted 'users are to be there,' :gone 'of' :present 'would be removed:'
  DO $$ BEGIN RAISE EXCEPTION 'too many, so nothing was changed (most_gone)'; END $$;
\endif

WITH done AS (
  INSERT INTO user_chk.users AS u (type, id, attributes)
    SELECT w.type, w.id, w.attributes FROM wanted w WHERE NOT EXISTS (
      SELECT FROM user_chk.users h
      WHERE h.type = w.type AND h.id = w.id AND h.server_tag = 'all' AND h.attributes = w.attributes)
  ON CONFLICT (type, id, server_tag) DO UPDATE SET attributes = excluded.attributes
    WHERE :'source' = '' OR u.attributes ->> 'source' = :'source'
  RETURNING xmax = 0 AS is_new)
SELECT count(*) FILTER (WHERE is_new) AS added, count(*) FILTER (WHERE NOT is_new) AS changed FROM done \gset

WITH done AS (
  DELETE FROM own o WHERE NOT EXISTS (SELECT FROM wanted w WHERE w.type = o.type AND w.id = o.id) RETURNING 1)
SELECT count(*) AS removed FROM done \gset

SELECT count(*) AS left_alone FROM wanted w LEFT JOIN own o USING (type, id) WHERE o.type IS NULL \gset
DROP VIEW own;
COMMIT;
\echo :added added, :changed changed, :removed removed, :left_alone 'left as somebody else has made them'
