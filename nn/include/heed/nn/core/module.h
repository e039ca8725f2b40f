// Module: a part of a model, with named parameters and named parts of its own.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <heed/autograd/detail/lifetime.h>
#include <heed/autograd/variable.h>
#include <heed/nn/core/evaluation_scope.h>
#include <heed/nn/core/record.h>

namespace heed {

/// Values of parameters and persistent buffers under their dotted names, in order. The tensors share storage with them.
using StateDict = std::vector<std::pair<std::string, Tensor>>;

/// What a state dict and a module do not have in common.
struct IncompatibleKeys {
  std::vector<std::string> missing_keys;     ///< in the module, not in the state dict
  std::vector<std::string> unexpected_keys;  ///< in the state dict, not in the module
};

/// Derive from it; keep parameters and parts as plain members; register both in the constructor:
///
///   class Gate : public Module {
///    public:
///     explicit Gate(int64_t size) : proj_(size, size) { register_module("proj", proj_); }
///     Variable forward(const Variable& x) const {
///       const NameScope scope(path());
///       return record("output", sigmoid(proj_.forward(x)) * x);
///     }
///    private:
///     Linear proj_;
///   };
///
/// Names are dotted (`encoder.weight_ih_l0`) and PyTorch's. Modules are registered by reference, so they neither copy
/// nor move: copy_of() makes a second model. Functions that visit parts or parameters throw ValueError, "part 'x' was
/// destroyed", if one was; its name may then be registered again.
class Module {
 public:
  Module(const Module&) = delete;  // a list of modules is a ModuleList (module_list.h), not a std::vector
  Module& operator=(const Module&) = delete;
  /// Parts that live on have paths of their own again.
  virtual ~Module();

  /// Own parameters first, then those of the parts, each in order of registration; each variable once, under its first
  /// name, even where it is registered twice (tied weights).
  std::vector<std::pair<std::string, Variable>> named_parameters() const;
  /// The same under all names: tied weights appear once per name.
  std::vector<std::pair<std::string, Variable>> registered_parameters() const;
  /// Buffers in the same order, each once, persistent or not.
  std::vector<std::pair<std::string, Variable>> named_buffers() const;
  /// What a state dict holds: parameters and persistent buffers under all names.
  std::vector<std::pair<std::string, Variable>> named_state() const;
  /// named_parameters() without the names.
  std::vector<Variable> parameters() const;
  /// This module under "", then all parts, parents first, with their dotted names; each once, under its first name.
  std::vector<std::pair<std::string, const Module*>> named_modules() const;
  /// The part with that dotted name, which may be any of its names; this module for "". Throws ValueError with the
  /// names of the parts there are.
  const Module& get_submodule(const std::string& name) const;
  Module& get_submodule(const std::string& name);
  /// Elements of all parameters().
  int64_t parameter_count() const;

  /// Training or evaluation mode, of this module and its parts; dropout and similar modules ask training().
  void train(bool training = true);
  void eval() { train(false); }
  /// False also while an EvaluationScope lives.
  bool training() const { return training_ && !EvaluationScope::active(); }

  /// Of each module its parameters, then its persistent buffers, then its parts'; tied weights once per name.
  StateDict state_dict() const;
  /// Copies values into parameters and buffers, as they were before the first copy (they may be the module's own).
  /// Returns the names that only one side has; unless `strict` is false they are an error. Throws ValueError listing
  /// all of these and all mis-shaped names (and dtypes that differ, and tied weights with two values) at once; nothing
  /// has changed then.
  IncompatibleKeys load_state_dict(const StateDict& state, bool strict = true);
  /// Converts all parameters, whose gradients are dropped, and floating buffers. Throws DTypeError unless floating.
  void to(DType dtype);
  void zero_grad();
  /// Parameters of this module and its parts get no gradients any more, those they have are dropped, and optimisers
  /// leave them as they are.
  void freeze();
  void unfreeze();

  /// Calls `hook` with what each forward of this module records as `what` (record.h), on any thread, until the handle
  /// removes it: what it captures by reference must live until then. Throws ValueError for an empty function. Writes
  /// nothing to the module.
  HookHandle register_forward_hook(ForwardHook hook, std::string what = "output") const;

  /// The dotted name from the outermost module down; empty for that one. Open a NameScope with it in forward().
  const std::string& path() const { return path_; }

 protected:
  Module() = default;
  // heed::to, which to() above would hide within modules.
  static Tensor to(const Tensor& x, DType dtype);
  static Variable to(const Variable& x, DType dtype);
  /// An undefined variable (no bias) is a parameter from when it is defined, and may then be registered again. Throws
  /// ValueError for a name that is empty, has a dot or control characters, is not UTF-8, or is that of another.
  void register_parameter(std::string name, Variable& parameter);
  /// A value that belongs to the model and is not trained (a running mean, a fixed mask); in state dicts unless
  /// `persistent` is false. Throws ValueError likewise, and for one that is undefined or requires a gradient.
  void register_buffer(std::string name, Variable& buffer, bool persistent = true);
  /// Throws ValueError likewise, and for a part that is this module or contains it.
  void register_module(std::string name, Module& part);

 private:
  friend void copy_state(const Module& from, Module& to);
  template <class Object>
  struct Entry {
    std::string name;
    Object* object;
    detail::Watch life;
    bool may_be_undefined = false;
  };
  using Variables = std::vector<Entry<Variable>>;
  template <class Self, class Visit>
  static void walk(Self& self, const std::string& name, const Visit& visit);
  void claim_name(const std::string& name);
  void set_path(const std::string& path);
  /// Those in the lists, under all names.
  std::vector<std::pair<std::string, Variable>> named(std::initializer_list<Variables Module::*> lists) const;

  Variables parameters_, buffers_, other_buffers_;  // the last not in state dicts
  std::vector<Entry<Module>> parts_;
  std::string path_;
  bool training_ = true;
  detail::Lifetime lifetime_;
};

}  // namespace heed
