// SPDX-License-Identifier: MPL-2.0
// Regression test: when a writer paused between setting a file's times and its data, the old data stayed in
// force.

#include <support/file_follower.h>
#include <support/temp_dir.h>
#include <system/file_descriptor.h>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

namespace user_chk::held_up_writer_test {
namespace {

using namespace std::chrono_literals;

// A page of memory that blocks its readers until it is filled.
class WithheldPage {
public:
    static constexpr size_t SIZE = 4096;

    WithheldPage()
        : faults_(static_cast<int>(::syscall(SYS_userfaultfd, O_CLOEXEC))),
          page_(::mmap(nullptr, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
        struct uffdio_api api = {};
        api.api = UFFD_API;
        struct uffdio_register registration = {};
        registration.range = {reinterpret_cast<uintptr_t>(page_), SIZE};
        registration.mode = UFFDIO_REGISTER_MODE_MISSING;
        usable_ = faults_ && ::ioctl(faults_.get(), UFFDIO_API, &api) == 0 &&
                  ::ioctl(faults_.get(), UFFDIO_REGISTER, &registration) == 0;
    }
    ~WithheldPage() { ::munmap(page_, SIZE); }
    WithheldPage(const WithheldPage&) = delete;
    WithheldPage& operator=(const WithheldPage&) = delete;

    bool usable() const { return usable_; }
    const void* data() const { return page_; }

    void give(const std::string& text) {
        alignas(SIZE) std::array<char, SIZE> content = {};
        std::memcpy(content.data(), text.data(), text.size());
        struct uffdio_copy copy = {};
        copy.dst = reinterpret_cast<uintptr_t>(page_);
        copy.src = reinterpret_cast<uintptr_t>(content.data());
        copy.len = SIZE;
        EXPECT_EQ(0, ::ioctl(faults_.get(), UFFDIO_COPY, &copy));
    }

private:
    FileDescriptor faults_;
    void* page_;
    bool usable_ = false;
};

std::string record(const std::string& version) {
    return R"({"type":"HW_ADDR","id":"01","version":")" + version + "\"}\n";
}

// By its name the file is watched; through a link it is not, and its times must suffice.
class HeldUpWriterTest : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Paths, HeldUpWriterTest, testing::Values("registry.txt", "link/registry.txt"));

TEST_P(HeldUpWriterTest, itsDataAreSeenWithoutAnotherChange) {
    WithheldPage page;
    if (!page.usable()) {
        GTEST_SKIP() << "userfaultfd, which only root may use, is what holds the writer up";
    }
    const test::TempDir dir;
    std::filesystem::create_directory_symlink(".", dir.file("link"));
    const std::string path = dir.file(GetParam());
    test::writeFile(path, record("a"));
    test::FileFollower follower(path);
    const auto version = [&follower] {
        follower.follow();
        return follower.registry()
            .find(UserId(UserId::HW_ADDRESS, std::string("01")))
            ->properties.at("version");
    };
    EXPECT_EQ("a", version());

    std::thread writer([&] {
        const FileDescriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        EXPECT_EQ(static_cast<ssize_t>(record("b").size()),
                  ::write(fd.get(), page.data(), record("b").size()));
    });
    // Long enough for the times to become reliable.
    for (int i = 0; i < 20; ++i) {
        std::this_thread::sleep_for(10ms);
        EXPECT_EQ("a", version());
    }
    page.give(record("b"));
    writer.join();

    std::this_thread::sleep_for(FileSignature::HELD_UP);
    EXPECT_EQ("b", version());
}

} // namespace
} // namespace user_chk::held_up_writer_test
