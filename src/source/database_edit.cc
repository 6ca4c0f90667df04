// SPDX-License-Identifier: MPL-2.0
// Implements changeUser().

#include <source/database_edit.h>

#include <identity/id_text.h>
#include <source/row_type.h>
#include <user.h>

namespace user_chk {

namespace {

// Parameters of all statements: $1 and $2 are the type and the id of the user.
const std::string IS_USER = "type = $1 AND id = decode($2, 'hex')";

// Selects the row in force for servers with a tag.
std::string tagInForce(const std::string& tag) {
    return "CASE WHEN EXISTS (SELECT FROM user_chk.users WHERE " + IS_USER + " AND server_tag = " + tag +
           ") THEN " + tag + " ELSE 'all' END";
}

// Runs statements in the transaction.
class Statements {
public:
    Statements(DatabaseConnection& connection, const Edit& edit, const std::string& server_tag)
        : connection_(connection), edit_(edit), type_(rowTypeOf(edit.id)), tag_(server_tag) {
        appendId(id_, edit.id.getId(), 0);
    }

    Edited run() {
        switch (edit_.what) {
        case Edit::What::ADD:
            return add();
        case Edit::What::UPDATE:
            return update();
        default:
            return remove();
        }
    }

private:
    Edited add() {
        const DatabaseRows added =
            ask("INSERT INTO user_chk.users (type, id, attributes) "
                "SELECT $1, decode($2, 'hex'), $3::jsonb - 'type' - 'id' "
                "WHERE NOT EXISTS (SELECT FROM user_chk.users WHERE " +
                    IS_USER + " AND server_tag = $4) ON CONFLICT DO NOTHING RETURNING 1",
                {type_, id_, edit_.line, tag_});
        return added.count() != 0 ? Edited::DONE : Edited::EXISTS;
    }

    Edited update() {
        const std::string version = std::to_string(edit_.version);
        const DatabaseRows updated =
            ask("UPDATE user_chk.users SET attributes = $3::jsonb - 'type' - 'id' WHERE " + IS_USER +
                    " AND server_tag = " + tagInForce("$4") + " AND $5::bigint IN (0, version) RETURNING 1",
                {type_, id_, edit_.line, tag_, version});
        if (updated.count() != 0) {
            return Edited::DONE;
        }
        const DatabaseRows there =
            ask("SELECT FROM user_chk.users WHERE " + IS_USER + " AND server_tag IN ('all', $3)",
                {type_, id_, tag_});
        return there.count() != 0 ? Edited::OTHER_VERSION : Edited::ABSENT;
    }

    Edited remove() {
        const DatabaseRows removed =
            ask("DELETE FROM user_chk.users WHERE " + IS_USER + " AND server_tag IN ('all', $3) RETURNING 1",
                {type_, id_, tag_});
        return removed.count() != 0 ? Edited::DONE : Edited::ABSENT;
    }

    DatabaseRows ask(const std::string& statement, std::initializer_list<std::string> parameters) {
        return connection_.ask(statement, parameters, DatabaseConnection::NO_LIMIT);
    }

    DatabaseConnection& connection_;
    const Edit& edit_;
    const std::string type_;
    std::string id_;
    const std::string& tag_;
};

// The first error counts, not one of the rollback: then the connection is closed, which rolls back as well.
void undo(DatabaseConnection& connection) {
    try {
        if (connection.isOpen()) {
            connection.ask("ROLLBACK", {}, DatabaseConnection::NO_LIMIT);
        }
    } catch (const DatabaseError&) {
        connection.close();
    }
}

} // namespace

Edited changeUser(DatabaseConnection& connection, const Edit& edit, const std::string& server_tag,
                  const std::function<bool()>& may_commit) {
    connection.ask("BEGIN ISOLATION LEVEL READ COMMITTED", {}, DatabaseConnection::NO_LIMIT);
    try {
        // Waiting longer for locks of others would delay the changes that this server should see.
        connection.ask("SELECT set_config('lock_timeout', '500ms', true)", {}, DatabaseConnection::NO_LIMIT);
        const Edited edited = Statements(connection, edit, server_tag).run();
        if (edited == Edited::DONE && may_commit()) {
            connection.ask("COMMIT", {}, DatabaseConnection::NO_LIMIT);
            return edited;
        }
        connection.ask("ROLLBACK", {}, DatabaseConnection::NO_LIMIT);
        return edited == Edited::DONE ? Edited::CHANGED : edited;
    } catch (const DatabaseError&) {
        undo(connection);
        throw;
    }
}

} // namespace user_chk
