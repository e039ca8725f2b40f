# `cmake --install`: the three libraries, their headers, the packages that find_package(heed) and pkg-config find, the license,
# and `remember`. Components: libraries (of a shared build), development, programs. The build folder is a package as well:
# -Dheed_DIR=build/release.
#
# The rules are there in a project that includes heed, too, since a library of that project that is linked with heed could
# not be exported otherwise; without HEED_INSTALL they install nothing by themselves.
include(CMakePackageConfigHelpers)

set(heed_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/heed)
set(heed_in_all)
if(NOT HEED_INSTALL)
  set(heed_in_all EXCLUDE_FROM_ALL)
endif()

if(BUILD_SHARED_LIBS) # what is installed finds its libraries beside it, wherever that is
  set_target_properties(heed_tensor heed_autograd heed_nn PROPERTIES INSTALL_RPATH "$ORIGIN")
  if(HEED_BUILD_EXAMPLES)
    set_target_properties(remember PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  endif()
endif()
install(TARGETS heed_tensor heed_autograd heed_nn EXPORT heed-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development ${heed_in_all}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libraries NAMELINK_COMPONENT development ${heed_in_all}
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT libraries ${heed_in_all})
install(EXPORT heed-targets NAMESPACE heed:: DESTINATION ${heed_config_dir} COMPONENT development ${heed_in_all})
export(EXPORT heed-targets NAMESPACE heed:: FILE ${PROJECT_BINARY_DIR}/heed-targets.cmake)
foreach(floor tensor autograd nn)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${floor}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development ${heed_in_all})
endforeach()

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/heed-config.cmake.in ${PROJECT_BINARY_DIR}/heed-config.cmake
                              INSTALL_DESTINATION ${heed_config_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/heed-config-version.cmake VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/heed-config.cmake ${PROJECT_BINARY_DIR}/heed-config-version.cmake
        DESTINATION ${heed_config_dir} COMPONENT development ${heed_in_all})

# Who links a static heed links what heed uses, too. Paths are relative to the file, so that the folder can be moved.
set(heed_pc_requires)
if(NOT BUILD_SHARED_LIBS)
  set(heed_pc_requires "Requires: libzip zlib")
endif()
file(RELATIVE_PATH heed_pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${PROJECT_SOURCE_DIR}/cmake/heed.pc.in ${PROJECT_BINARY_DIR}/heed.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/heed.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development ${heed_in_all})

if(HEED_BUILD_EXAMPLES)
  install(TARGETS remember RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs ${heed_in_all})
endif()
include(HeedPackages)
