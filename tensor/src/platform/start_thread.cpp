// A new thread has the signal mask of the one that starts it.
#include <heed/tensor/detail/start_thread.h>

#include <pthread.h>
#include <signal.h>

#include <system_error>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

namespace heed::detail {

namespace {

class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t blocked;
    sigfillset(&blocked);
    for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) {
      sigdelset(&blocked, own);
    }
    pthread_sigmask(SIG_SETMASK, &blocked, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

std::thread start_thread(std::string_view who, std::function<void()> work) {
  const SignalsBlocked blocked;
  try {
    return std::thread(std::move(work));
  } catch (const std::system_error& error) {
    fail<Error>(who, "must be given a thread by the system, got: ", system_message(error.code().value()));
  }
}

}  // namespace heed::detail
