// Module: a part of a model, with named parameters and named parts of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <heed/autograd/detail/lifetime.h>
#include <heed/autograd/variable.h>

namespace heed {

/// Parameter values under their dotted names, in order. The tensors share storage with the parameters.
using StateDict = std::vector<std::pair<std::string, Tensor>>;

/// While it lives, all modules are in evaluation mode on this thread, whatever train() has told them: a `const Model&`
/// is evaluated without being written.
class EvaluationScope {
 public:
  EvaluationScope();
  ~EvaluationScope();
  EvaluationScope(const EvaluationScope&) = delete;
  EvaluationScope& operator=(const EvaluationScope&) = delete;
  static bool active();

 private:
  bool outer_;
};

/// Derive from it; keep parameters and parts as plain members; register both in the constructor:
///
///   class Gate : public Module {
///    public:
///     explicit Gate(int64_t size) : proj_(size, size) { register_module("proj", proj_); }
///     Variable forward(const Variable& x) const {
///       const NameScope scope(path());
///       return sigmoid(proj_.forward(x)) * x;
///     }
///    private:
///     Linear proj_;
///   };
///
/// Names are dotted (`encoder.weight_ih_l0`) and PyTorch's. Modules are registered by reference,
/// so they neither copy nor move. Functions that visit parts or parameters throw ValueError, "part 'x' was destroyed",
/// if one was; its name may then be registered again.
class Module {
 public:
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  /// Parts that live on have paths of their own again.
  virtual ~Module();

  /// Own parameters first, then those of the parts, each in order of registration; each variable once, under its first
  /// name, even where it is registered twice (tied weights).
  std::vector<std::pair<std::string, Variable>> named_parameters() const;
  /// The same under all names, as in a state dict: tied weights appear once per name.
  std::vector<std::pair<std::string, Variable>> registered_parameters() const;
  /// named_parameters() without the names.
  std::vector<Variable> parameters() const;
  /// This module under "", then all parts, parents first, with their dotted names; each once, under its first name.
  std::vector<std::pair<std::string, const Module*>> named_modules() const;
  /// Elements of all parameters().
  int64_t parameter_count() const;

  /// Training or evaluation mode, of this module and its parts; dropout and similar modules ask training().
  void train(bool training = true);
  void eval() { train(false); }
  /// False also while an EvaluationScope lives.
  bool training() const { return training_ && !EvaluationScope::active(); }

  StateDict state_dict() const;
  /// Copies values into the parameters, as they were before the first copy (they may be the module's own). Throws
  /// ValueError listing all missing, unexpected and mis-shaped names (and dtypes that differ, and tied weights with two
  /// values) at once; nothing has changed then.
  void load_state_dict(const StateDict& state);
  /// Converts all parameters; their gradients are dropped. Throws DTypeError unless floating.
  void to(DType dtype);
  void zero_grad();

  /// The dotted name from the outermost module down; empty for that one. Open a NameScope with it in forward().
  const std::string& path() const { return path_; }

 protected:
  Module() = default;
  /// An undefined variable (no bias) is not registered. Throws ValueError for a name that is empty, has a dot, is
  /// not UTF-8, or is there already.
  void register_parameter(std::string name, Variable& parameter);
  /// Throws ValueError likewise, and for a part that is this module or contains it.
  void register_module(std::string name, Module& part);

 private:
  template <class Object>
  struct Entry {
    std::string name;
    Object* object;
    detail::Watch life;
  };
  template <class Self, class Visit>
  static void walk(Self& self, const std::string& name, const Visit& visit);
  void claim_name(const std::string& name);
  void set_path(const std::string& path);

  std::vector<Entry<Variable>> parameters_;
  std::vector<Entry<Module>> parts_;
  std::string path_;
  bool training_ = true;
  detail::Lifetime lifetime_;
};

}  // namespace heed
