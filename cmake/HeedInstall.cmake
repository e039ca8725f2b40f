# `cmake --install`: the three libraries, their headers, and a package that find_package(heed) finds.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(heed_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/heed)
install(TARGETS heed_tensor heed_autograd heed_nn EXPORT heed-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
foreach(floor tensor autograd nn)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${floor}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endforeach()
install(EXPORT heed-targets NAMESPACE heed:: DESTINATION ${heed_config_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/heed-config.cmake.in ${PROJECT_BINARY_DIR}/heed-config.cmake
                              INSTALL_DESTINATION ${heed_config_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/heed-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/heed-config.cmake ${PROJECT_BINARY_DIR}/heed-config-version.cmake
        DESTINATION ${heed_config_dir})
