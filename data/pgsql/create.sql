-- SPDX-License-Identifier: MPL-2.0
-- Creates the schema user_chk, in which a PostgreSQL database (13 or later) keeps the registry of many servers.
--
--   psql -v ON_ERROR_STOP=1 -d NAME -f create.sql
--
-- Run it once, as a role that may create schemas and roles; the servers never run it. It is a single transaction:
-- either everything is created, or nothing. docs/database.md says what an administrator should know.

BEGIN;

CREATE SCHEMA user_chk;

-- The version of this schema. A server requires its own major version, and at least its own minor version.
CREATE TABLE user_chk.schema_version (
  version int NOT NULL,
  minor int NOT NULL
);
INSERT INTO user_chk.schema_version VALUES (1, 0);

-- True when attributes are what a record may have: an object of strings, without the members of every record.
CREATE FUNCTION user_chk.is_attributes(attributes jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_typeof(attributes) = 'object'
    AND NOT attributes ?| ARRAY['type', 'id', '']
    AND NOT jsonb_path_exists(attributes, 'strict $.* ? (@.type() != "string")', '{}', true)
    AND octet_length(attributes::text) <= 60000
$$;

-- The users. Any program may change this table by any statement.
CREATE TABLE user_chk.users (
  -- The type of the id, as in a registry file: HW_ADDR, DUID, CIRCUIT_ID, ... For a prefix it ends with _PREFIX.
  -- The row for all locally administered addresses, `random` in a registry file, has HW_ADDR_RANDOM and '\x02'.
  type text NOT NULL
    CONSTRAINT "a type is a word of capital letters" CHECK (type ~ '^[A-Z][A-Z0-9_]{0,31}$'),
  id bytea NOT NULL
    CONSTRAINT "an id has 1 to 1024 bytes" CHECK (octet_length(id) BETWEEN 1 AND 1024),
  -- 'all', or the server-tag of the servers that the row is for. For them, it replaces the row with 'all'.
  server_tag text NOT NULL DEFAULT 'all'
    CONSTRAINT "a server tag has 1 to 256 bytes" CHECK (octet_length(server_tag) BETWEEN 1 AND 256),
  attributes jsonb NOT NULL DEFAULT '{}'
    CONSTRAINT "attributes are texts" CHECK (user_chk.is_attributes(attributes)),
  -- Incremented by each UPDATE, to tell whether someone else has changed the row meanwhile.
  version bigint NOT NULL DEFAULT 1,
  created timestamptz NOT NULL DEFAULT now(),
  updated timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (type, id, server_tag)
);

-- The cluster of these transaction ids. A dump that is restored elsewhere has those of the cluster it comes from.
CREATE FUNCTION user_chk.cluster() RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT system_identifier FROM pg_control_system()
$$;

-- Which users have changed: the log that servers follow. Triggers write it.
CREATE TABLE user_chk.changes (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cluster bigint NOT NULL DEFAULT user_chk.cluster(),
  txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  -- Both null: any user may have changed.
  type text,
  id bytea,
  at timestamptz NOT NULL DEFAULT now(),
  -- By this a server recognizes that what it has seen is still part of this database's history.
  mark uuid NOT NULL DEFAULT gen_random_uuid()
);
CREATE INDEX changes_by_txid ON user_chk.changes (cluster, txid);
CREATE INDEX changes_by_time ON user_chk.changes (at);

-- The newest transaction that the log has lost. A server that was disconnected since then must read all users.
CREATE TABLE user_chk.pruned (
  cluster bigint NOT NULL DEFAULT user_chk.cluster(),
  txid xid8 NOT NULL
);
INSERT INTO user_chk.pruned (txid) VALUES ('0');

-- The log is never empty, so that there is always a mark to distinguish this history from another one.
INSERT INTO user_chk.changes (type, id) VALUES (NULL, NULL);

-- Removes lines older than an interval from the log, except for the newest one, up to a maximum number of lines.
-- Returns their number. Does nothing while another session prunes.
CREATE FUNCTION user_chk.prune(keep interval DEFAULT '7 days', most bigint DEFAULT 1000000) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here bigint := user_chk.cluster();
  removed bigint;
  newest xid8;
BEGIN
  PERFORM FROM user_chk.pruned FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  WITH old AS (
    DELETE FROM user_chk.changes WHERE seq IN (
      SELECT c.seq FROM user_chk.changes c
      WHERE c.at < now() - keep AND (c.cluster <> here OR c.txid < pg_snapshot_xmin(pg_current_snapshot()))
        AND c.seq <> (SELECT max(m.seq) FROM user_chk.changes m)
      ORDER BY c.at LIMIT most)
    RETURNING cluster, txid)
  SELECT count(*), (array_agg(txid ORDER BY txid DESC) FILTER (WHERE cluster = here))[1] INTO removed, newest FROM old;
  UPDATE user_chk.pruned SET cluster = here, txid = newest
  WHERE newest IS NOT NULL AND (cluster <> here OR txid < newest);
  RETURN removed;
END $$;

-- Before each UPDATE of a row.
CREATE FUNCTION user_chk.on_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.created := OLD.created;
  NEW.updated := now();
  RETURN NEW;
END $$;

-- After each statement: logs whose rows changed, and notifies the servers. When there are very many, it is faster for
-- a server to read all users.
CREATE FUNCTION user_chk.on_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here bigint := user_chk.cluster();
  touched bigint := 1;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT count(*) INTO touched FROM new_rows;
  ELSIF TG_OP <> 'TRUNCATE' THEN
    SELECT count(*) INTO touched FROM old_rows;
  END IF;
  IF touched = 0 THEN
    RETURN NULL;
  ELSIF TG_OP = 'TRUNCATE' OR touched > 10000 THEN
    INSERT INTO user_chk.changes (type, id) VALUES (NULL, NULL);
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO user_chk.changes (cluster, type, id) SELECT DISTINCT here, type, id FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO user_chk.changes (cluster, type, id) SELECT DISTINCT here, type, id FROM old_rows;
  ELSE
    INSERT INTO user_chk.changes (cluster, type, id)
      SELECT here, type, id FROM new_rows UNION SELECT here, type, id FROM old_rows;
  END IF;
  -- At the other isolation levels, concurrent pruning would cause an error in this transaction.
  IF current_setting('transaction_isolation') = 'read committed' THEN
    PERFORM user_chk.prune('7 days', 1000);
  END IF;
  PERFORM pg_notify('user_chk', '');
  RETURN NULL;
END $$;

CREATE TRIGGER a_row BEFORE UPDATE ON user_chk.users
  FOR EACH ROW EXECUTE FUNCTION user_chk.on_row();
CREATE TRIGGER z_insert AFTER INSERT ON user_chk.users REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION user_chk.on_change();
CREATE TRIGGER z_update AFTER UPDATE ON user_chk.users REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION user_chk.on_change();
CREATE TRIGGER z_delete AFTER DELETE ON user_chk.users REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION user_chk.on_change();
CREATE TRIGGER z_truncate AFTER TRUNCATE ON user_chk.users
  FOR EACH STATEMENT EXECUTE FUNCTION user_chk.on_change();

-- Also in a session with session_replication_role = replica.
ALTER TABLE user_chk.users ENABLE ALWAYS TRIGGER a_row;
ALTER TABLE user_chk.users ENABLE ALWAYS TRIGGER z_insert;
ALTER TABLE user_chk.users ENABLE ALWAYS TRIGGER z_update;
ALTER TABLE user_chk.users ENABLE ALWAYS TRIGGER z_delete;
ALTER TABLE user_chk.users ENABLE ALWAYS TRIGGER z_truncate;

-- Returns the users that servers with a server-tag know.
CREATE FUNCTION user_chk.registry(server_tag text)
RETURNS TABLE (type text, id bytea, attributes jsonb, version bigint)
LANGUAGE sql STABLE AS $$
  SELECT u.type, u.id, u.attributes, u.version FROM user_chk.users u WHERE u.server_tag = $1
  UNION ALL
  SELECT u.type, u.id, u.attributes, u.version FROM user_chk.users u
  WHERE u.server_tag = 'all' AND $1 <> 'all' AND (u.type, u.id) NOT IN (
    SELECT o.type, o.id FROM user_chk.users o WHERE o.server_tag = $1)
$$;

-- How servers follow.
--
-- A server has seen the database as of some snapshot, and keeps a cursor for it: `horizon`, the oldest transaction that
-- was running then, and `seen`, the transactions from there on whose changes it has seen. What it has not seen was
-- changed by a transaction that was running then or had not begun. So that transaction is not older than the horizon,
-- and not among those seen, because all changes of a transaction become visible at once. Nothing depends on the
-- order of commits, on sequences or on clocks, and nobody waits for a long transaction. This is also true on a standby,
-- whose snapshots do not tell which transactions are running. Transactions of another cluster, which come with a dump,
-- are ignored.
--
-- The log yields the keys of such changes, and the table the current rows with these keys.
--
-- `marks` are those of the latest changes that were seen. By them a server finds out that the history it has seen is no
-- longer this database's, after a failover or a restored backup. Then it reads all users. A failover loses the last
-- commits, and what became visible last was committed last: so if anything is lost, one of these marks is. If there are
-- more than 100 of them, `part` is true and they are the newest ones in the log, which is sufficient as long as the
-- database has not been restarted (`started`).

-- Returns the current cursor.
CREATE FUNCTION user_chk.cursor_now(marks jsonb, part boolean) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'cluster', user_chk.cluster()::text,
    'started', extract(epoch FROM pg_postmaster_start_time())::text,
    'horizon', pg_snapshot_xmin(pg_current_snapshot())::text,
    'seen', (SELECT coalesce(jsonb_agg(DISTINCT c.txid::text), '[]') FROM user_chk.changes c
             WHERE c.cluster = user_chk.cluster() AND c.txid >= pg_snapshot_xmin(pg_current_snapshot())),
    'marks', marks, 'part', part)
$$;

-- Returns the cursor for a server that reads all users, in the same repeatable read transaction.
CREATE FUNCTION user_chk.snapshot() RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT user_chk.cursor_now(
    (SELECT jsonb_agg(jsonb_build_array(l.seq, l.mark)) FROM
      (SELECT c.seq, c.mark FROM user_chk.changes c ORDER BY c.seq DESC LIMIT 100) l),
    (SELECT count(*) > 100 FROM (SELECT FROM user_chk.changes LIMIT 101) l))
$$;

-- Returns what has changed since a cursor, for servers with a server-tag. It is one statement with one snapshot, so it
-- needs no transaction around it.
--
-- The first row has no type. It says what the other rows are, and has the cursor for the next time:
--   changes   rows of all users who may have changed; one without attributes was removed
--   all       none: all users must be read
--   other     none: all users must be read, since this is not the history that was seen
--   behind    none: this is a standby that does not yet have what was seen elsewhere
CREATE FUNCTION user_chk.changes_since(cursor jsonb, server_tag text)
RETURNS TABLE (what text, next jsonb, type text, id bytea, attributes text, version bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  here bigint := user_chk.cluster();
  horizon xid8 := cursor ->> 'horizon';
  is_other boolean;
  missing bigint;
  keyless boolean;
  lines bigint;
  transactions bigint;
  news jsonb;
BEGIN
  IF horizon <= (SELECT p.txid FROM user_chk.pruned p WHERE p.cluster = here)
     OR ((cursor ->> 'part')::boolean
         AND (cursor ->> 'started') <> extract(epoch FROM pg_postmaster_start_time())::text) THEN
    RETURN QUERY SELECT 'all', NULL::jsonb, NULL::text, NULL::bytea, NULL::text, NULL::bigint;
    RETURN;
  END IF;
  is_other := (cursor ->> 'cluster') <> here::text;
  SELECT min((m ->> 0)::bigint) INTO missing FROM jsonb_array_elements(cursor -> 'marks') m WHERE NOT EXISTS (
    SELECT FROM user_chk.changes c WHERE c.seq = (m ->> 0)::bigint AND c.mark = (m ->> 1)::uuid);
  IF is_other OR pg_snapshot_xmin(pg_current_snapshot()) < horizon OR missing IS NOT NULL THEN
    RETURN QUERY SELECT CASE
        WHEN pg_is_in_recovery() AND NOT is_other THEN 'behind'
        WHEN missing < (SELECT min(c.seq) FROM user_chk.changes c) THEN 'all' -- it was pruned
        ELSE 'other' END,
      NULL::jsonb, NULL::text, NULL::bytea, NULL::text, NULL::bigint;
    RETURN;
  END IF;
  WITH unseen AS (
    SELECT c.seq, c.txid, c.type, c.mark FROM user_chk.changes c
    WHERE c.cluster = here AND c.txid >= horizon AND NOT EXISTS (
      SELECT FROM jsonb_array_elements_text(cursor -> 'seen') s WHERE s::xid8 = c.txid)),
  one_each AS (SELECT DISTINCT ON (u.txid) u.seq, u.mark FROM unseen u ORDER BY u.txid, u.seq)
  SELECT (SELECT count(*) FROM unseen), (SELECT coalesce(bool_or(u.type IS NULL), false) FROM unseen u),
    (SELECT count(*) FROM one_each),
    (SELECT jsonb_agg(jsonb_build_array(l.seq, l.mark)) FROM
      (SELECT o.seq, o.mark FROM one_each o ORDER BY o.seq DESC LIMIT 100) l)
  INTO lines, keyless, transactions, news;
  IF keyless OR lines > 10000 THEN
    RETURN QUERY SELECT 'all', NULL::jsonb, NULL::text, NULL::bytea, NULL::text, NULL::bigint;
    RETURN;
  END IF;
  RETURN QUERY SELECT 'changes', CASE WHEN lines = 0
      THEN user_chk.cursor_now(cursor -> 'marks', (cursor ->> 'part')::boolean)
      ELSE user_chk.cursor_now(news, transactions > 100) END,
    NULL::text, NULL::bytea, NULL::text, NULL::bigint;
  IF lines = 0 THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT NULL::text, NULL::jsonb, k.type, k.id, r.attributes::text, r.version
    FROM (SELECT DISTINCT c.type, c.id FROM user_chk.changes c
          WHERE c.cluster = here AND c.txid >= horizon AND NOT EXISTS (
            SELECT FROM jsonb_array_elements_text(cursor -> 'seen') s WHERE s::xid8 = c.txid)) k
    LEFT JOIN LATERAL (
      SELECT u.attributes, u.version FROM user_chk.users u
      WHERE u.type = k.type AND u.id = k.id AND u.server_tag IN ('all', $2)
      ORDER BY u.server_tag = $2 DESC LIMIT 1) r ON true;
END $$;

-- Roles to be granted to login roles: for servers, and for programs or people that change users.
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['user_chk_reader', 'user_chk_editor'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role);
    EXCEPTION WHEN duplicate_object THEN
      NULL; -- another database of this cluster has a registry too
    END;
  END LOOP;
END $$;
GRANT USAGE ON SCHEMA user_chk TO user_chk_reader, user_chk_editor;
GRANT SELECT ON ALL TABLES IN SCHEMA user_chk TO user_chk_reader, user_chk_editor;
GRANT INSERT (type, id, server_tag, attributes), UPDATE (type, id, server_tag, attributes), DELETE
  ON user_chk.users TO user_chk_editor;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA user_chk FROM PUBLIC;
GRANT EXECUTE ON FUNCTION user_chk.cluster(), user_chk.is_attributes(jsonb), user_chk.registry(text),
  user_chk.cursor_now(jsonb, boolean), user_chk.snapshot(), user_chk.changes_since(jsonb, text)
  TO user_chk_reader, user_chk_editor;

COMMIT;
