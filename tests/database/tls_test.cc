// SPDX-License-Identifier: MPL-2.0
// Tests that the database's identity is verified, and that the connection is encrypted.

#include <database/following.h>
#include <support/temp_dir.h>
#include <user_data_source.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <stdexcept>

namespace user_chk {
namespace {

using test::awaits;
using test::Following;
using test::insertOf;
using test::messageOf;
using test::PostgresServer;
using test::Session;
using test::settingsOf;

// Two authorities. The first one has issued the database's certificate, for `localhost`. Also a certificate
// for the client `certified`, whose key also exists with a password.
class Certificates {
public:
    Certificates() : directory_(test::makeDirectory()) {
        openssl("req -x509 -subj /CN=authority -keyout authority.key -out authority");
        openssl("req -x509 -subj /CN=other -keyout other.key -out other");
        const std::string by = " -x509 -CA authority -CAkey authority.key ";
        openssl(
            "req -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key -out server" +
            by);
        openssl("req -subj /CN=certified -keyout client.key -out client" + by);
        openssl("req -subj /CN=stranger -keyout stranger.key -out stranger" + by);
        run(test::asOwner() + "openssl pkey -aes128 -passout pass:secret -in client.key -out locked.key");
        run("cp client.key open.key && chmod 644 open.key && echo nothing > nonsense");
        if (!test::asOwner().empty()) { // libpq requires that its user owns the keys
            run("chown 0 client.key stranger.key locked.key open.key");
        }
    }
    ~Certificates() {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    Certificates(const Certificates&) = delete;
    Certificates& operator=(const Certificates&) = delete;

    // Returns the path of one of these files, empty for none.
    std::string file(const std::string& name) const { return name.empty() ? "" : directory_ + "/" + name; }

private:
    void run(const std::string& command) const {
        const std::string all = "{ cd " + directory_ + " && " + command + "; } >/dev/null 2>&1 </dev/null";
        if (std::system(all.c_str()) != 0) {
            throw std::runtime_error("failed: " + all);
        }
    }
    void openssl(const std::string& what) const {
        run(test::asOwner() + "openssl " + what +
            " -days 2 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256");
    }

    const std::string directory_;
};

// A database with TLS, and its users.
struct Site {
    Site() {
        const Session session = server.session(database);
        session.run("CREATE ROLE certified LOGIN IN ROLE user_chk_reader; "
                    "CREATE ROLE anyone LOGIN IN ROLE user_chk_reader; CREATE ROLE plain LOGIN IN ROLE "
                    "user_chk_reader");
        for (const char* one :
             {"ca_file = '/authority'", "cert_file = '/server'", "key_file = '/server.key'"}) {
            const std::string text = one;
            const size_t at = text.find('/');
            session.run("ALTER SYSTEM SET ssl_" + text.substr(0, at) +
                        certificates.file(text.substr(at + 1)));
        }
        session.run("ALTER SYSTEM SET ssl = on");
        server.letIn({"hostssl all certified 127.0.0.1/32 cert", "hostssl all anyone 127.0.0.1/32 trust",
                      "hostnossl all plain 127.0.0.1/32 trust"});
        if (!awaits([this] { return server.session(database).value("SHOW ssl") == "on"; })) {
            throw std::runtime_error("the database does not speak TLS");
        }
        session.run(insertOf(1, "x"));
    }

    const Certificates certificates;
    PostgresServer server{PostgresServer::Network()};
    const std::string database = server.makeDatabase();
};

struct Attempt {
    const char* name;
    const char* host;
    const char* user;
    const char* mode;
    const char* trust_anchor;
    const char* certificate;
    const char* key;
    const char* error; // a part of the message; empty for success
};

class TlsTest : public testing::TestWithParam<Attempt> {
protected:
    static void SetUpTestSuite() { site_ = std::make_unique<Site>(); }
    static void TearDownTestSuite() { site_.reset(); }
    static std::unique_ptr<Site> site_;
};

std::unique_ptr<Site> TlsTest::site_;

TEST_P(TlsTest, letsInWhoIsGoodAndTellsWhatIsWrongElse) {
    const Attempt& attempt = GetParam();
    const Certificates& certificates = site_->certificates;
    DatabaseSettings settings = settingsOf(attempt.host, site_->database);
    settings.port = static_cast<uint16_t>(site_->server.port());
    settings.user = attempt.user;
    settings.ssl_mode = attempt.mode;
    settings.trust_anchor = certificates.file(attempt.trust_anchor);
    settings.cert_file = certificates.file(attempt.certificate);
    settings.key_file = certificates.file(attempt.key);
    const Session session = site_->server.session(site_->database);
    if (*attempt.error != '\0') {
        const std::string error = messageOf<UserDataSourceError>([&] { Following following(settings); });
        EXPECT_EQ(0, error.find(settings.description() + ": ")) << error;
        EXPECT_NE(std::string::npos, error.find(attempt.error)) << error;
        EXPECT_EQ(std::string::npos, error.find('\n')) << error;
        return;
    }
    Following following(settings);
    EXPECT_EQ(1, following.size());
    EXPECT_EQ(settings.ssl_mode == "disable" ? "f" : "t",
              session.value("SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
                            "WHERE application_name = 'kea-user-chk' AND usename = '" +
                            settings.user + "'"));
}

constexpr const char* NONE = "";

INSTANTIATE_TEST_SUITE_P(
    All, TlsTest,
    testing::Values(
        Attempt{"verified", "localhost", "anyone", "verify-full", "authority", NONE, NONE, NONE},
        Attempt{"anotherName", "127.0.0.1", "anyone", "verify-full", "authority", NONE, NONE,
                " does not match host name \"127.0.0.1\""},
        Attempt{"anotherNameThatNeedNotMatch", "127.0.0.1", "anyone", "verify-ca", "authority", NONE, NONE,
                NONE},
        Attempt{"anotherAuthority", "localhost", "anyone", "verify-full", "other", NONE, NONE,
                "certificate verify failed"},
        Attempt{"anotherAuthorityByAddress", "127.0.0.1", "anyone", "verify-ca", "other", NONE, NONE,
                "certificate verify failed"},
        Attempt{"noSuchAuthority", "localhost", "anyone", "verify-full", "absent", NONE, NONE,
                "absent\" does not exist"},
        Attempt{"nonsenseOfAnAuthority", "localhost", "anyone", "verify-ca", "nonsense", NONE, NONE,
                "could not read root certificate file"},
        Attempt{"preferred", "localhost", "anyone", "prefer", NONE, NONE, NONE, NONE},
        Attempt{"tlsIsNotTaken", "127.0.0.1", "plain", "require", NONE, NONE, NONE,
                "no pg_hba.conf entry for host"},
        Attempt{"tlsIsNotSpoken", "127.0.0.1", "anyone", "disable", NONE, NONE, NONE, "no encryption"},
        Attempt{"withoutTls", "127.0.0.1", "plain", "disable", NONE, NONE, NONE, NONE},
        Attempt{"certified", "localhost", "certified", "verify-full", "authority", "client", "client.key",
                NONE},
        Attempt{"notCertified", "localhost", "certified", "verify-full", "authority", NONE, NONE,
                "connection requires a valid client certificate"},
        Attempt{"certifiedAsSomebodyElse", "localhost", "certified", "verify-full", "authority", "stranger",
                "stranger.key", "certificate authentication failed for user \"certified\""},
        Attempt{"keyThatOthersMayRead", "localhost", "certified", "verify-full", "authority", "client",
                "open.key", "open.key\" has group or world access"},
        Attempt{"noSuchKey", "localhost", "certified", "verify-full", "authority", "client", "absent",
                "but not private key file"},
        Attempt{"keyWithAPassword", "localhost", "certified", "verify-full", "authority", "client",
                "locked.key", "locked.key\""}),
    [](const auto& one) { return one.param.name; });

// Not a database that only claims to have no TLS: it really has none.
TEST_F(TlsTest, databaseWithoutTlsIsLeftAlone) {
    site_->server.session(site_->database).run("ALTER SYSTEM SET ssl = off");
    site_->server.letIn({"host all all 127.0.0.1/32 trust"});
    ASSERT_TRUE(awaits([] { return site_->server.session(site_->database).value("SHOW ssl") == "off"; }));
    DatabaseSettings settings = settingsOf("127.0.0.1", site_->database);
    settings.port = static_cast<uint16_t>(site_->server.port());
    for (const char* mode : {"require", "verify-ca", "verify-full"}) {
        settings.ssl_mode = mode;
        settings.trust_anchor = site_->certificates.file("authority");
        const std::string error = messageOf<UserDataSourceError>([&] { Following following(settings); });
        EXPECT_NE(std::string::npos, error.find("server does not support SSL, but SSL was required"))
            << error;
    }
    settings.ssl_mode = "prefer";
    EXPECT_NO_THROW(Following following(settings));
}

} // namespace
} // namespace user_chk
